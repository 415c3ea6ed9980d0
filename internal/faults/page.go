package faults

import (
	"fmt"
	"strings"
)

// pages are documents that are hard on a parser.
func pages() []Fault {
	text := story(9001)
	sentence := "It keeps 63107 tonnes"
	body := func(before, after string) string {
		return strings.Replace(strings.Replace(text, `<div class="content">`, before+`<div class="content">`, 1), `<div class="footer">`, after+`<div class="footer">`, 1)
	}
	in := func(before, after string) string {
		return page(headline(9001), day(9001), before+paragraphs(9001)+after)
	}
	inHead := func(what string) string { return strings.Replace(text, "</head>", what+"</head>", 1) }
	reads := func(name, doc string) Fault {
		return Fault{Name: "page: " + name, Make: article(html(doc)), Want: Want{Outcome: "new", Reads: sentence}}
	}
	out := []Fault{
		reads("600 open elements around the text", body(strings.Repeat("<div>", 600), strings.Repeat("</div>", 600))),
		reads("600 open elements that are never closed", body(strings.Repeat("<font>", 600), "")),
		reads("100,000 open elements behind the text", in("", strings.Repeat("<b>", 100_000))),
		reads("5,000 tables in each other", in("", strings.Repeat("<table><tr><td>", 5000))),
		reads("600 open elements in the head", inHead(strings.Repeat("<font>", 600))),
		reads("50,000 attributes", in("<p"+attributes(50_000)+"></p>", "")),
		reads("attribute of 2 MB", in(`<p title="`+strings.Repeat("x", 2<<20)+`"></p>`, "")),
		reads("line of 3 MB without a blank", in("", "<p>"+strings.Repeat("x", 3<<20)+"</p>")),
		reads("50,000 links", in("", strings.Repeat(`<a href="/x">x</a> `, 50_000))),
		reads("half a million entities", in("", "<p>"+strings.Repeat("&amp;", 500_000)+"</p>")),
		reads("comment that is never closed behind the text", in("", "<!-- the rest is silence")),
		reads("script that is never closed behind the text", in("", "<script>var a = '<p>")),
		reads("style that is never closed behind the text", in("", "<style>.a{")),
		reads("NULs in tags and text", strings.ReplaceAll(text, "<p>", "<\x00p><p\x00>\x00<p>")),
		reads("control characters", strings.ReplaceAll(text, "<p>", "<p>\x01\x02\x08\x1b\x7f")),
		reads("cut in the last tag", text[:len(text)-5]),
		reads("tags in capitals, nothing in quotes", strings.NewReplacer("<p>", "<P>", `class="content"`, "CLASS=content").Replace(text)),
		reads("two documents in one", text+text),
		reads("end of the document in the middle", strings.Replace(text, `<div class="content">`, `</body></html><div class="content">`, 1)),
		reads("base that is no address", inHead(`<base href="javascript:void(0)">`)),
		reads("base of another host", inHead(`<base href="http://harbour.onion/">`)),
		reads("canonical address that does not answer", inHead(`<link rel="canonical" href="http://harbour.onion/x.html">`)),
		reads("canonical address that is the home page", inHead(`<link rel="canonical" href="/">`)),
		reads("canonical address that is garbage", inHead(`<link rel="canonical" href="http://[">`)),
		reads("10,000 pieces of structured data", inHead(strings.Repeat(`<script type="application/ld+json">{"@type":"Thing"}</script>`, 10_000))),
		reads("structured data in 10,000 brackets", inHead(`<script type="application/ld+json">`+strings.Repeat("[", 10_000)+`</script>`)),
		reads("bidirectional marks", strings.ReplaceAll(text, "<p>", "<p>\u202e\u2066\u200b")),
		{Name: "page: title that is never closed", Make: article(html("<html><head><title>" + headline(9001) + "<body><p>" + paragraphs(9001))), Want: Want{Outcome: "skipped not_article"}},
		{Name: "page: frames", Make: article(html(`<html><frameset cols="20,*"><frame src="/menu.html"><frame src="/gone.html"></frameset></html>`)), Want: Want{Outcome: "skipped not_article"}},
		{Name: "page: nothing but a script", Make: article(html(`<html><body><div id="app"></div><script src="/app.js"></script></body></html>`)), Want: Want{Outcome: "skipped not_article"}},
	}
	for i := range out {
		out[i].Short = i%6 == 0
	}
	return out
}

func attributes(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, " a%d=b", i)
	}
	return b.String()
}

// files are answers whose type is not what they say.
func files() []Fault {
	text := story(9001)
	png := "\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01\x02IDAT", 500)
	noise := strings.Repeat("\x00\x9c\xe1\x07\xfe\x83\x11\xd2", 500)
	answer := func(name, contentType, body, outcome string) Fault {
		return Fault{Name: "type: " + name, Make: article(typed(contentType, body)), Want: Want{Outcome: outcome}}
	}
	out := []Fault{
		answer("PDF as a page", "text/html", "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"+noise, "skipped not_html"),
		answer("PDF", "application/pdf", "%PDF-1.7\n", "skipped not_html"),
		answer("picture as a page", "text/html", png, "skipped not_html"),
		answer("noise as a page", "text/html", noise, "skipped not_html"),
		answer("zip as a page", "text/html; charset=utf-8", "PK\x03\x04"+noise, "skipped not_html"),
		answer("rar as a page", "text/html", "Rar!\x1a\x07\x00"+noise, "skipped not_html"),
		answer("film as a page", "text/html", "\x00\x00\x00\x18ftypmp42"+noise, "skipped not_html"),
		answer("JSON", "application/json", `{"title":"x","date":"2021-03-01"}`, "skipped not_html"),
		answer("JSON as a page", "text/html", `{"code":500,"message":"no such article","data":null}`, "skipped not_html"),
		answer("script as a page", "application/javascript", "var a = '<html>';", "skipped not_html"),
		answer("page as a picture", "image/png", text, "skipped not_html"),
		answer("page as plain text", "text/plain", text, "new"),
		answer("page as a file", "application/octet-stream", text, "new"),
		answer("page as XML", "text/xml", text, "new"),
		answer("page without a type", "", text, "new"),
		answer("page of a type that is none", "html", text, "new"),
		answer("page of two types", "text/html, text/html; charset=utf-8", text, "new"),
		answer("plain text", "text/plain", "Cold store opens. No markup at all.\n", "skipped not_html"),
	}
	for i := range out {
		out[i].Short = i%6 == 0
	}
	return out
}
