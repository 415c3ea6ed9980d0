package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestClosing: what stands below a text in its element and is another one at each visit is no part
// of it; what ends a text is.
func TestClosing(t *testing.T) {
	const nothing = ""
	for _, tt := range []struct{ below, want string }{
		{`<p>附件【<a href="/system/d.jsp?id=1">2026年招商目录.docx</a>】已下载<span id="nattach1">49</span>次</p>`, nothing},
		{`<p>附件：<a href="/f/plan.pdf">实施方案.pdf</a>（下载次数：78）</p><p>附件2：<a href="/f/b.pdf">目录.pdf</a>（3543次）</p>`, nothing},
		{`<p>Attachments: <a href="/x.docx">catalogue.docx</a> [downloaded 1096 times]</p>`, nothing},
		{`<p>The catalogue is found in <a href="/x.docx">catalogue.docx</a> of the agency.</p>`, "The catalogue is found in catalogue.docx of the agency."},
		{`<p>Was the report of use?</p><p>Yes (482)</p><p>No (31)</p>`, "Was the report of use?"},
		{`<p>Rating: 1.2 / 5 (5848 votes)</p>`, nothing},
		{`<p>评分：3.3 分（2569人评）</p>`, nothing},
		{`<p>上一页<a href="/1">关于会议的通知</a></p><p>下一页<a href="/2">关于港口的通知</a></p>`, nothing},
		{`<p>« <a href="/1">Notice about a meeting</a></p><p>» <a href="/2">Notice about a port</a></p>`, nothing},
		{`<p>Older post <a href="/1">Notice about a meeting</a></p><p>Newer post <a href="/2">Notice about a port</a></p>`, nothing},
		{`<p>Prev article: <a href="/1">Notice about a meeting</a></p><p>Next article: none</p>`, nothing},
		{`<p>Next year the <a href="/2">second hall</a> is built.</p>`, "Next year the second hall is built."},
		{`<p><a href="/2">«Rules of the port»</a></p><p>Press office of the zone</p>`, "«Rules of the port»\nPress office of the zone"},
		{`<p><a href="/1">« Notice about a meeting</a> | <a href="/2">Notice about a port</a></p>`, nothing},
		{`<p>담당자는 “의견을 반영하겠다”고 말했다.</p>`, "담당자는 “의견을 반영하겠다”고 말했다."},
		{`<p>담당자 이영희</p>`, nothing},
		{`<p><a href="/2">이전공공기관 지원 계획</a></p><p>문의 051-123-4567</p>`, "이전공공기관 지원 계획\n문의 051-123-4567"},
		{`<p>Assessoria de Comunicação da zona vai publicar a lista.</p>`, "Assessoria de Comunicação da zona vai publicar a lista."},
		{`<p>文章链接：http://zone.example/n/1.html?t=455</p>`, nothing},
		{`<p>Permalink: http://zone.example/n/1.html?t=455</p>`, nothing},
		{`<p>Print | Close | Save (123)</p>`, nothing},
		{`<p>Contact: Mr Li, phone 0431-88881</p>`, "Contact: Mr Li, phone 0431-88881"},
	} {
		p := pageOf("<html><head><title>The harbour is built</title></head><body><h1>The harbour is built</h1><div class=info>Date: 2012-11-12</div><div class=content><p>" + signed + "</p><p>" + begins + "</p>" + tt.below + "</div></body></html>")
		want := signed + "\n" + begins
		if tt.want != nothing {
			want += "\n" + tt.want
		}
		if got := p.Article(dossier.Rules{}).Body; got != want {
			t.Errorf("%s: the text is %q", tt.below, got)
		}
	}
}
