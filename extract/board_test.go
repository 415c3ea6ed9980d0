package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestBoards: boards have a row for each field above the text, also for headline, readers and files.
func TestBoards(t *testing.T) {
	p := pageOf(`<html lang="ko"><head><title>보도자료 | 투자진흥청</title></head><body><div id="gnb"><ul><li><a href="/0/">홈</a></li><li><a href="/3/">뉴스</a></li></ul></div><div id="content"><h2 class="tit">보도자료</h2>` +
		`<table class="bbs_view"><tbody><tr><th scope="row">제목</th><td colspan="3">글로벌 물류기업, 인천에 아시아 허브 세운다</td></tr><tr><th scope="row">등록일: </th><td>2024.03.14 10:46</td></tr>` +
		`<tr><th scope="row">작성자: </th><td>김민수</td></tr><tr><th scope="row">출처: </th><td>인베스트코리아</td></tr><tr><th scope="row">조회수: </th><td>2578</td></tr><tr><th>첨부파일</th><td><a href="/down.do?f=1">report.pdf</a></td></tr>` +
		`<tr><td colspan="4" class="bbs_con"><p>글로벌 물류기업 A사가 인천 송도에 아시아 허브를 세운다고 14일 밝혔다.</p><p>투자 규모는 1억2000만 달러이며 공장은 내년에 문을 연다고 전했다.</p></td></tr></tbody></table>` +
		`<table class="bbs_pn"><tr><th>이전글</th><td><a href="#">외국인투자 설명회 개최</a></td></tr></table></div></body></html>`)
	a := p.Article(dossier.Rules{})
	if a.Title != "글로벌 물류기업, 인천에 아시아 허브 세운다" || a.Date != "2024-03-14T10:46:00" || orNone(a.Author) != "김민수" || orNone(a.Source) != "인베스트코리아" {
		t.Errorf("title %q, date %q, author %q, source %q", a.Title, a.Date, orNone(a.Author), orNone(a.Source))
	}
	if want := "글로벌 물류기업 A사가 인천 송도에 아시아 허브를 세운다고 14일 밝혔다.\n투자 규모는 1억2000만 달러이며 공장은 내년에 문을 연다고 전했다."; a.Body != want {
		t.Errorf("the text is %q", a.Body)
	}
}
