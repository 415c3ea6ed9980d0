package extract

import (
	"strings"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestToldDates: a short paragraph with a date is a part of the text, and a line that is the
// page's own is none.
func TestToldDates(t *testing.T) {
	const (
		chinese = "<p>各有关单位要高度重视，认真组织申报工作，确保按时完成，其他事项由市商务局负责解释。</p><p>申报材料报送至市商务局外资科，逾期不予受理，各单位应当指定专人负责，并于每月月底前报送进展情况。</p>"
		english = "<p>The ministry invites all companies of the zone to send in their plans for the new quay of the harbour.</p><p>Plans that come later are not looked at, and those that lack a budget are sent back to their authors.</p>"
	)
	label := map[bool]string{true: "<div>Date: 2021-06-01 Source: Zone Daily</div>"}
	for _, tt := range []struct {
		line, text string
		labelled   bool // the page announces its day
		kept       bool
	}{
		{"一、申报时间为2021年6月1日至30日。", chinese, true, true},
		{"本办法自2021年7月1日起施行，原办法同时废止。", chinese, true, true},
		{"发布会将于2022年1月15日在长春举行。", chinese, true, true},
		{"2020年12月31日前完成全部建设任务。", chinese, false, true},
		{"2021年6月1日前完成全部建设任务；", chinese, true, true},
		{"会议时间：2021年6月1日上午9时。", chinese, true, true},
		{"截止时间：2021年8月31日", chinese, true, true},
		{"（一）2021年6月1日开始报名", chinese, true, true},
		{"3. 报名 2021-06-01", chinese, true, true},
		{"成文日期：2021-05-30", chinese, true, false},
		{"2021-06-01 10:46", chinese, true, false},
		{"长春 2021年6月1日 王小明", chinese, true, false},
		{"发布时间：2021年6月1日", chinese, false, false},
		{"Deadline: 31 August 2021", english, true, true},
		{"The fair opens on 5 July 2021", english, true, true},
		{"The doors open on 5 July 2021.", english, true, true},
		{"1 June 2021, Ann Lee", english, true, false},
		{"1 June 2021, Ann Lee", english, false, false},
		{"Updated 1 June 2021", english, true, false},
	} {
		for _, before := range []string{"", "<p>各县区商务局：</p>"} {
			p := Parse(&dossier.Snapshot{URL: "http://zone.example/1.html", Body: []byte("<html><head><meta charset=utf-8><title>Zone</title></head><body><h1>A notice of the zone on the new quay</h1>" +
				label[tt.labelled] + "<div class=content>" + before + "<p>" + tt.line + "</p>" + tt.text + "</div></body></html>")})
			if body := p.Article(dossier.Rules{}).Body; strings.Contains(body, tt.line) != tt.kept {
				t.Errorf("labelled %v: %q is kept: %v, in\n%s", tt.labelled, tt.line, !tt.kept, body)
			} else if tt.kept && before != "" && !strings.Contains(body, "各县区商务局") {
				t.Errorf("what stands before %q is lost:\n%s", tt.line, body)
			}
		}
	}
}
