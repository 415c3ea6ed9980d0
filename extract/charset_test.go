package extract

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"github.com/dossier-archive/dossier"
)

func encoded(t *testing.T, e encoding.Encoding, text string) []byte {
	t.Helper()
	b, err := e.NewEncoder().Bytes([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestDecode covers what pages and servers say about their encoding, true and
// false.
func TestDecode(t *testing.T) {
	const hans, hant = "吉林省招商引资工作会议在长春召开，多个项目签约。", "投資臺灣事務所舉辦說明會，邀請廠商參加。"
	const hangul = "경제자유구역청은 지난 4일 외국 기업과 3억 달러 규모의 투자 협약을 체결했다고 밝혔다."
	const russian = "Администрация особой экономической зоны подписала соглашение с иностранной компанией на сумму триста миллионов долларов."
	gbk := encoded(t, simplifiedchinese.GB18030, hans)
	tests := []struct {
		name, header string
		body         []byte
		want         string
	}{
		{"meta gb2312", "", append([]byte(`<meta http-equiv="Content-Type" content="text/html; charset=gb2312">`), gbk...), hans},
		{"meta gbk behind a long comment", "", append([]byte("<!--"+strings.Repeat("x", 4000)+`--><meta charset='gbk'>`), gbk...), hans},
		{"header wins over meta", "text/html; charset=gb18030", append([]byte(`<meta charset="utf-8">`), gbk...), hans},
		{"header says utf-8, bytes are gbk as meta says", "text/html; charset=gbk", gbk, hans},
		{"utf-8 that calls itself gb2312", "text/html; charset=gb2312", []byte(hans), hans},
		{"script charset is not the page's", "", []byte(`<script charset="gbk" src="a.js"></script><p>` + hans), hans},
		{"undeclared gbk", "", append([]byte("<html><body><p>"), []byte(strings.Repeat(string(gbk), 8))...), hans},
		{"big5", "text/html; charset=big5", encoded(t, traditionalchinese.Big5, hant), hant},
		{"shift_jis", "", append([]byte(`<meta charset="Shift_JIS">`), encoded(t, japanese.ShiftJIS, "投資促進会議を開催しました。")...), "投資促進会議を開催しました。"},
		{"utf-16 with a mark and a false meta", "", encoded(t, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), `<meta charset="gb2312">`+hans), hans},
		{"utf-8 with a mark", "text/html; charset=iso-8859-1", []byte("\ufeff" + hans), hans},
		{"undeclared euc-kr", "", append([]byte("<html><body><h1>"), encoded(t, korean.EUCKR, hangul)...), hangul},
		{"undeclared koi8-r", "", append([]byte("<html><body><p>"), encoded(t, charmap.KOI8R, russian)...), russian},
		{"undeclared iso-2022-jp", "", encoded(t, japanese.ISO2022JP, "<p>投資促進会議を開催しました。"), "投資促進会議を開催しました。"},
		{"declared utf-8 with a stray byte", "", []byte("<meta charset=utf-8>Deals in the café\xff — a “new” start"), "Deals in the café\ufffd — a “new” start"},
		{"utf-8 by the header with a cut sequence", "text/html; charset=utf-8", []byte("Deals in the café — start\xe2\x80"), "Deals in the café — start\ufffd"},
		{"declared utf-8, bytes are windows-1252", "", []byte("<meta charset=utf-8>D\xe9j\xe0 vu \x93ici\x94 caf\xe9"), "Déjà vu “ici” café"},
		{"declared utf-8, bytes are gbk", "", append([]byte("<meta charset=utf-8>"), gbk...), hans},
		{"NULs", "", []byte("a\x00b" + hans), "ab" + hans},
		{"broken gb18030", "text/html; charset=gbk", append(gbk[:len(gbk):len(gbk)], 0xff, '<', 0x81), hans},
	}
	for _, tt := range tests {
		got, _ := decode(tt.body, tt.header)
		if !strings.Contains(string(got), tt.want) {
			t.Errorf("%s: got %.80q, want %q in it", tt.name, got, tt.want)
		}
	}
}

// TestHeaderAgainstMeta: a server that says UTF-8 for every file does not know
// its GBK pages.
func TestHeaderAgainstMeta(t *testing.T) {
	const text = "招商引资工作会议在长春召开，省领导出席会议并讲话。"
	body := append([]byte(`<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head><body>`), encoded(t, simplifiedchinese.GBK, text)...)
	got, name := decode(body, "text/html; charset=UTF-8")
	if !strings.Contains(string(got), text) {
		t.Errorf("decoded as %s: %.120q", name, got)
	}
}

func TestGB18030OfWHATWG(t *testing.T) {
	raw, err := os.ReadFile("../../shared/conformance/encoding-whatwg/gb18030.json")
	if err != nil {
		t.Skip("needs the conformance data beside the repository:", err)
	}
	var cases [][2]string
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	wrong := 0
	for _, c := range cases {
		b, err := hex.DecodeString(c[0])
		if err != nil {
			t.Fatal(err)
		}
		if r := []rune(c[1])[0]; r >= 0xE000 && r <= 0xF8FF {
			continue // private use has no agreed meaning
		}
		if got := string(decodeWith(simplifiedchinese.GB18030, b)); got != c[1] {
			wrong++
			t.Logf("%s: got %q, want %q", c[0], got, c[1])
		}
	}
	if wrong > 0 {
		t.Errorf("%d of %d wrong", wrong, len(cases))
	}
}

func TestParseRefusedByTheParser(t *testing.T) {
	deep := strings.Repeat("<b>", 700) + "text at the bottom" + strings.Repeat("</b>", 700)
	p := Parse(&dossier.Snapshot{URL: "http://example.org/", Body: []byte("<html><body><p>above</p>" + deep + "</body></html>"), Header: http.Header{}})
	if got := shortText(p.Root, 1000); !strings.Contains(got, "above") || !strings.Contains(got, "text at the bottom") {
		t.Errorf("text of a page with 700 open elements: %q", got)
	}
}

// FuzzDecode: whatever the bytes, the result is text.
func FuzzDecode(f *testing.F) {
	f.Add([]byte(`<meta charset=gb2312>`+"\xd5\xd0\xc9\xcc"), "text/html; charset=gbk")
	f.Add([]byte("\xff\xfe<\x00"), "")
	f.Add([]byte("\x81\x30\x81"), "text/html; charset=gb18030")
	f.Fuzz(func(t *testing.T, body []byte, header string) {
		text, name := decode(body, header)
		if !utf8.Valid(text) || name == "" || bytes.IndexByte(text, 0) >= 0 {
			t.Errorf("decode(%q, %q) = %q as %q", body, header, text, name)
		}
	})
}

// TestVietnameseIsComposed: windows-1258 has letters and their marks apart, and pages in it are
// read as others are.
func TestVietnameseIsComposed(t *testing.T) {
	const word = "Tác giả: Nguyễn Văn An"
	body, err := charmap.Windows1258.NewEncoder().String(`<html lang=vi><head><meta charset=windows-1258></head><body><p>` + "T\u0061\u0301c gia\u0309: Nguyê\u0303n Văn An" + `</p></body></html>`)
	if err != nil {
		t.Fatal(err)
	}
	if text, name := decode([]byte(body), ""); name != "windows-1258" || !strings.Contains(string(text), word) {
		t.Errorf("%s: %s", name, text)
	}
}
