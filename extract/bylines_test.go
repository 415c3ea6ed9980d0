package extract

import (
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestBylines reads authors that no label announces.
func TestBylines(t *testing.T) {
	article := func(head, tail string) string {
		return `<html><body>` + menu + `<h1>Batteries for the Northern Zone</h1>` + head + `<div class="content">` + enText + `</div>` + tail + foot + `</body></html>`
	}
	ld := func(s string) string {
		return `<script type="application/ld+json">` + s + `</script>` + article("", "")
	}
	about := article("", `<p>Ann Lee lives in the zone, and has written about it for years.</p>`)
	tests := []struct{ name, html, want string }{
		{"a line that begins with By", article(`<p>By Ann Lee</p>`, ""), "Ann Lee"},
		{"part of a line", article(`<div>Thu 19.01.2018 | 10:46 | By Ann Lee</div>`, ""), "Ann Lee"},
		{"a name beside the date", article(`<p>19.01.2018 - Ann Lee</p>`, ""), "Ann Lee"},
		{"an office beside the date", article(`<p>19.01.2018 - Press Office</p>`, ""), "-"},
		{"a link to the page of a person", article(`<ul><li><a href="/author/ann">Ann Lee</a></li></ul>`, ""), "Ann Lee"},
		{"two links beside each other", article(`<p><a href="/autor/a">Ann Lee</a>, <a href="/autor/b">Bo Chen</a></p>`, ""), "Ann Lee; Bo Chen"},
		{"rel=author", article(`<a rel="author" href="/x">Ann Lee</a>`, ""), "Ann Lee"},
		{"a class that is a part of a name", article(`<span class="article_author-name">Ann Lee</span>`, ""), "Ann Lee"},
		{"names in elements of their own", article(`<div class="article-byline"><div><span>Ann Lee</span> <span>Bo Chen</span></div></div>`, ""), "Ann Lee; Bo Chen"},
		{"the author of a comment", article("", `<div class="comments"><div class="comment-author">Bo Chen</div><p>I see.</p></div>`), "-"},
		{"authors of other articles", article("", `<div class="related"><a href="/author/bo">Bo Chen</a></div>`), "-"},
		{"a line with the role and the date in Korean", article(`<p>김철수 기자 2026.11.04 10:06</p>`, ""), "김철수"},
		{"a line with the role in Korean", article(`<p>김철수 기자 kim@example.org</p>`, ""), "김철수"},
		{"a line with the role in Chinese", article(`<p>本报记者 王小明 李红</p>`, ""), "王小明; 李红"},
		{"a name in bold before the text", article(`<p><strong>Ann Lee</strong></p>`, ""), "Ann Lee"},
		{"a name in bold below the text", article("", `<p><strong>Ann Lee</strong></p>`), "-"},
		{"a list in JSON-LD", ld(`{"@type":"NewsArticle","headline":"x","author":[{"@type":"Person","name":"Ann Lee"},{"@type":"Person","name":"Bo Chen"}]}`), "Ann Lee; Bo Chen"},
		{"a reference in JSON-LD", ld(`{"@graph":[{"@type":"NewsArticle","author":{"@id":"#p"}},{"@type":"Person","@id":"#p","name":"Ann Lee"}]}`), "Ann Lee"},
		{"the only person of JSON-LD", `<script type="application/ld+json">{"@graph":[{"@type":"WebPage"},{"@type":"Person","name":"Ann Lee"}]}</script>` + about, "Ann Lee"},
		{"an office in JSON-LD", ld(`{"@type":"NewsArticle","author":{"@type":"Organization","name":"Zone Weekly"},"publisher":{"name":"Zone Weekly"}}`), "Zone Weekly"},
		{"more in sight than in JSON-LD", `<script type="application/ld+json">{"@type":"NewsArticle","author":{"name":"Ann Lee"}}</script>` + article(`<p class="byline">By Ann Lee and Bo Chen</p>`, ""), "Ann Lee; Bo Chen"},
		{"a card with a label", `<meta name="twitter:label1" content="Verfasst von"><meta name="twitter:data1" content="Ann Lee">` + about, "Ann Lee"},
		{"a name of <meta> of a system of its own", `<meta name="acme_authors" content="Ann Lee">` + about, "Ann Lee"},
		{"somebody whom only metadata name", `<meta name="author" content="Ann Lee">` + article("", ""), "-"},
		{"an account that only metadata name", ld(`{"@graph":[{"@type":"Article","author":{"@id":"#p"}},{"@type":"Person","@id":"#p","name":"alee"}]}`), "-"},
		{"the site in <meta>", `<meta property="og:site_name" content="Zone Weekly"><meta name="author" content="Zone Weekly">` + article("", ""), "-"},
		{"a company in <meta>", `<meta name="author" content="Web Works GmbH">` + article("", ""), "-"},
		{"a byline against the account in metadata", `<meta name="author" content="Carl Diem">` + article(`<p>By Ann Lee</p>`, ""), "Ann Lee"},
		{"the section behind the name", article(`<p>19.01.2018 <span>By <span itemprop="author"><span itemprop="name">Ann Lee</span></span></span> <span>Business</span></p>`, ""), "Ann Lee"},
		{"a long source beside the date", article(`<p>October 8, 2018 7:13 AM | Source: Economic Information Network</p>`, ""), "-"},
		{"Dutch", article(`<p>door Jan de Vries op 12 november 2012</p>`, ""), "Jan de Vries"},
		{"Italian, behind the date", article(`<p>Pubblicato il 12 novembre 2012 da Marco Bianchi</p>`, ""), "Marco Bianchi"},
		{"Italian, before the date", article(`<p>Scritto da Marco Bianchi il 12/11/2012</p>`, ""), "Marco Bianchi"},
		{"Italian words of another kind", article(`<p>12 novembre 2012 da oggi in vigore</p>`, ""), "-"},
		{"Indonesian", article(`<p>Ditulis oleh Budi Santoso pada 12 November 2012</p>`, ""), "Budi Santoso"},
		{"Thai", article(`<p>โดย สมชาย ใจดี วันที่ 12 พฤศจิกายน 2555</p>`, ""), "สมชาย ใจดี"},
		{"Russian", article(`<p>Опубликовано 12.11.2012 автором Иван Петров</p>`, ""), "Иван Петров"},
		{"Japanese, before the name", article(`<p>2012年11月12日 文／佐藤健一</p>`, ""), "佐藤健一"},
		{"Japanese, behind the name", article(`<p>掲載日：2012年11月12日　佐藤健一記者</p>`, ""), "佐藤健一"},
		{"a sort of reporter", article(`<p>掲載日：2012年11月12日　政治部記者</p>`, ""), "-"},
		{"Chinese, with a stroke", article(`<p>撰文｜张伟 编辑｜李晓红 2012-11-12</p>`, ""), "张伟"},
		{"Chinese, with the date", article(`<p>本报记者 张伟 2012-11-12</p>`, ""), "张伟"},
		{"Korean, with date and source", article(`<p>김민수 기자 | 입력 2012.11.12 22:38 | 출처: 연합뉴스</p>`, ""), "김민수"},
		{"none", article("", ""), "-"},
	}
	for _, tt := range tests {
		if got := fiveOf(pageOf(tt.html).Article(dossier.Rules{})).Author; got != tt.want {
			t.Errorf("%s: author %q, want %q", tt.name, got, tt.want)
		}
	}
}
