package faults

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// Healthy is how many articles of every site are well.
const Healthy = 4

// Page is the address of the article that a fault is about.
const Page = "/news/9001.html"

// headline of the article with the number n.
func headline(n int) string {
	return fmt.Sprintf("Cold store number %d opens in the harbour district", n)
}

func day(n int) string { return time.Date(2021, 3, 1+n%28, 0, 0, 0, 0, time.UTC).Format(time.DateOnly) }

// paragraphs are the text of an article. No two numbers give equal ones.
func paragraphs(n int) string {
	return fmt.Sprintf(`<p>The harbour office opened cold store number %d on Tuesday, after eleven months of building on the northern quay.</p>
<p>It keeps %d tonnes of fruit and fish at minus twenty degrees, and takes deliveries by rail, by road and by water alike.</p>
<p>The operator pays for the power with panels on the roof; %d people have found work there, most of them from the town.</p>`, n, n*7+100, n+40)
}

// Story gives the headline of the article with the number n, and a sentence of
// its text.
func Story(n int) (title, sentence string) {
	return headline(n), fmt.Sprintf("The harbour office opened cold store number %d on Tuesday", n)
}

// story is a whole page with the article n.
func story(n int) string { return page(headline(n), day(n), paragraphs(n)) }

// page is an article as the healthy site prints it.
func page(title, day, text string) string {
	return fmt.Sprintf(`<!DOCTYPE html><html><head><title>%s - Harbour Office</title></head><body>
<div class="nav"><a href="/">Home</a> <a href="/news/">News</a></div>
<h1>%s</h1><div class="info">Date: %s Source: Harbour Gazette</div>
<div class="content">%s</div>
<div class="footer">Harbour Office, Quay Street</div></body></html>`, title, title, day, text)
}

// row is a line of a list.
func row(href, title, day string) string {
	return fmt.Sprintf("<li><a href=%q>%s</a> <span>%s</span></li>\n", href, title, day)
}

// list is a page with rows.
func list(rows ...string) string {
	return `<!DOCTYPE html><html><head><title>News - Harbour Office</title></head><body>
<div class="nav"><a href="/">Home</a> <a href="/news/">News</a></div>
<ul class="list">` + strings.Join(rows, "") + `</ul><div class="footer">Harbour Office, Quay Street</div></body></html>`
}

// storyRow is the line that leads to the article n.
func storyRow(n int) string { return row(fmt.Sprintf("/news/%d.html", n), headline(n), day(n)) }

// html answers with a page.
func html(text string) http.HandlerFunc {
	return typed("text/html; charset=utf-8", text)
}

// typed answers with a text of any type; "" sends no type at all.
func typed(contentType, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Content-Type"] = nil
		if contentType != "" {
			w.Header().Set("Content-Type", contentType)
		}
		fmt.Fprint(w, text)
	}
}

// status answers with a status and a short page.
func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(code)
		fmt.Fprintf(w, "<html><body><h1>%d</h1></body></html>", code)
	}
}

// inTurn answers with one handler after the other, and with the last for ever.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	next := counter()
	return func(w http.ResponseWriter, r *http.Request) {
		handlers[min(next(), len(handlers))-1](w, r)
	}
}
