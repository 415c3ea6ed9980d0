package extract

import (
	"net/url"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// form reads a form that asks the next rows by a plain address: what it sends
// when its button for the next page is pressed.
func (r *pagerReader) form(form *html.Node) {
	if !isGet(form) {
		return
	}
	if field := pageField(form); field != nil && r.jump.before == "" {
		r.jump.before, r.jump.after = r.page.sentAround(form, field)
		if g := ofPages.FindStringSubmatch(shortText(form, maxPageLine)); g != nil {
			r.jumpAt, r.jumpAll = pageNumber(attrOf(field, "value")), pageNumber(g[1])
		}
	}
	pressed, isNext := nextButton(form)
	if pressed == nil {
		return
	}
	href := r.page.actionOf(form) + "?" + sent(form, pressed)
	if isNext {
		r.Next = append(r.Next, href)
	} else {
		r.Likely = append(r.Likely, href)
	}
}

// takesPage finds addresses behind which the number of a page belongs.
var takesPage = regexp.MustCompile(`(?i)(?:[?&](?:p|pg|pn|page\w{0,10}|(?:cur|current|to|now)_?page)=|[_-]|/page/)$`)

// ofPages is what stands behind a field with the number of this page.
var ofPages = regexp.MustCompile(`(?i)(?:\bof|[/／]|共)\s*(\d{1,5})\b`)

// pageField is the field of a form into which a reader writes the number of a
// page, nil when it has none.
func pageField(form *html.Node) *html.Node {
	var found *html.Node
	eachElement(form, func(n *html.Node) {
		kind := strings.ToLower(attrOf(n, "type"))
		if n.DataAtom == atom.Input && (kind == "" || kind == "text" || kind == "number") && pageName.MatchString(attrOf(n, "name")) {
			found = n
		}
	})
	return found
}

// nextButton is the button of a form that asks for the next page, and whether
// it says so in so many words.
func nextButton(form *html.Node) (pressed *html.Node, isNext bool) {
	eachElement(form, func(n *html.Node) {
		kind := strings.ToLower(attrOf(n, "type"))
		isButton := n.DataAtom == atom.Button && (kind == "" || kind == "submit") || n.DataAtom == atom.Input && kind == "submit"
		if !isButton || pressed != nil {
			return
		}
		if text := pagerText(n); isNextText(text) || isMoreText(text) {
			pressed, isNext = n, isNextText(text)
		}
	})
	return pressed, isNext
}

// sent is the query that a form sends when a button is pressed or a menu used.
func sent(form, pressed *html.Node) string {
	var fields []string
	eachElement(form, func(n *html.Node) {
		name := attrOf(n, "name")
		if name == "" || n.DataAtom != atom.Input && n != pressed {
			return
		}
		switch strings.ToLower(attrOf(n, "type")) {
		case "checkbox", "radio":
			if !hasAttr(n, "checked") {
				return
			}
		case "submit", "button", "image", "reset", "file":
			if n != pressed {
				return
			}
		}
		fields = append(fields, url.QueryEscape(name)+"="+url.QueryEscape(attrOf(n, "value")))
	})
	return strings.Join(fields, "&")
}
