package extract

import (
	"net/url"
	"path"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// maxUnframed is the size of the text of a page up to which its frames are looked at.
const maxUnframed = 40

// minFramed is the size of the text that a frame must show to be that of an article, and no
// player, form or message.
const minFramed = 120

// IsFramed reports whether the text of the page stands in the document of a frame that is there.
func (p *Page) IsFramed() bool { return p.framed && size(p.read().body.text) >= minFramed }

// Frame is the address of the document that the text of a page stands in: one that a frame
// shows, or that a script loads into an element; absolute. It is "" when the page shows a text
// of its own or no such document, and when that is there.
func (p *Page) Frame() string {
	if f := p.textFrame(); f != nil {
		return f.address
	}
	return ""
}

func (p *Page) textFrame() *frame {
	if p.framed || size(p.read().body.text) > maxUnframed {
		return nil
	}
	frames := p.frames()
	if len(frames) == 0 {
		return nil
	}
	return &frames[max(0, slices.IndexFunc(frames, func(f frame) bool { return f.main }))]
}

// frame is an element of a page that shows another document.
type frame struct {
	node    *html.Node
	address string // absolute
	main    bool   // it is called the place of what the page is about
}

// frames are those that may show the text of the page, in its order.
func (p *Page) frames() []frame {
	var out []frame
	add := func(n *html.Node, ref string) {
		address, _, _ := strings.Cut(p.absolute(strings.TrimSpace(ref)), "#")
		if ref == "" || address == "" || address == p.address() || !isDocument(address) || !isShownFrame(n, ref) {
			return
		}
		main := hasRegionWord(n, frameOfText) || namesPart(attrOf(n, "name"), frameOfText)
		out = append(out, frame{n, address, main})
	}
	byID := map[string]string{} // what scripts load into elements
	for _, n := range p.elements() {
		switch n.DataAtom {
		case atom.Iframe, atom.Frame, atom.Embed:
			add(n, attrOf(n, "src"))
		case atom.Object:
			add(n, attrOf(n, "data"))
		case atom.Script:
			if n.FirstChild != nil && len(n.FirstChild.Data) <= maxScriptText && strings.Contains(n.FirstChild.Data, ".load(") {
				for _, g := range loadsInto.FindAllStringSubmatch(n.FirstChild.Data, maxLoads) {
					byID[g[1]] = g[2]
				}
			}
		}
	}
	if len(byID) > 0 {
		for _, n := range p.elements() {
			if ref, ok := byID[attrOf(n, "id")]; ok && n.FirstChild == nil {
				add(n, ref)
			}
		}
	}
	return out
}

// maxLoads is how many loads of one script are looked at.
const maxLoads = 20

// loadsInto finds $("#text").load("t20190505_1.html").
var loadsInto = regexp.MustCompile(`\(\s*["']#([\w-]{1,60})["']\s*\)\s*\.load\(\s*["']([^"'\s]{1,300})["']`)

// isDocument reports whether an address has the ending of a page.
func isDocument(address string) bool {
	file, _, _ := strings.Cut(address, "?")
	switch strings.ToLower(path.Ext(path.Base(file))) {
	case ".html", ".htm", ".shtml", ".shtm", ".xhtml", ".jsp", ".asp", ".aspx", ".php", ".do", ".action":
		return true
	}
	return path.Ext(path.Base(file)) == ""
}

// isShownFrame reports whether a frame is large enough to read, and not for what stands
// around a text.
func isShownFrame(n *html.Node, ref string) bool {
	file, _, _ := strings.Cut(ref, "?")
	file = path.Base(file)
	return !isTiny(attrOf(n, "width")) && !isTiny(attrOf(n, "height")) && !isHiddenRoot(n) &&
		!hasRegionWord(n, framesAround) && !namesPart(attrOf(n, "name"), framesAround) && !namesPart(strings.TrimSuffix(file, path.Ext(file)), framesAround) &&
		!framesOfOthers.MatchString(ref) && !standsAround(n.Parent)
}

// standsAround reports whether an element or one above it is called what stands around a text.
// How much text there is says nothing on a page without any.
func standsAround(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if isFurniture(n) && !isContainer(n) {
			return true
		}
	}
	return false
}

// isTiny reports whether a frame of this width or height shows no text.
func isTiny(length string) bool {
	length = strings.TrimSuffix(strings.TrimSpace(length), "px")
	return length != "" && len(length) <= 2 && !strings.ContainsAny(length, "%*") && atoi(length) < 100
}

var (
	frameOfText  = wordSet("content", "main", "mainframe", "article", "text", "news", "zoom", "zw", "right", "body", "detail", "conframe", "contentframe", "iframecontent")
	framesAround = wordSet("ad", "ads", "adv", "banner", "top", "topframe", "head", "header", "foot", "footer", "bottom", "bottomframe", "left", "leftframe", "menu", "nav", "weather", "tianqi", "count", "counter", "stat", "stats",
		"login", "search", "so", "share", "comment", "comments", "pinglun", "video", "player", "map", "ditu", "qr", "ewm", "calendar", "vote", "chat", "kefu", "link", "links", "flink", "tj", "hits", "click",
		"form", "message", "liuyan", "promo", "tq", "viewer", "pdfjs", "embed", "survey", "diaocha", "subscribe", "fenxiang", "vod", "shipin")
	framesOfOthers = regexp.MustCompile(`(?i)youtube|youku|vimeo|v\.qq\.com|player|map\.|maps|doubleclick|googletag|facebook|twitter|baidu\.com|weather|captcha`)
)

// unframe puts the documents of frames that are there into their places, and gives the parts
// of the snapshot that are further pages of the text.
func (p *Page) unframe() {
	for i := range p.Snapshot.Parts {
		part := Parse(&p.Snapshot.Parts[i])
		if f := p.frameOf(part); f != nil {
			putInto(f, part)
			p.framed = true
			p.found = found{}
			continue
		}
		p.further = append(p.further, part)
	}
}

// frameOf is the element that shows a document, nil for a further page of the text. Where
// the frame names its document in another way, it is what is no further page.
func (p *Page) frameOf(part *Page) *html.Node {
	at := p.textFrame()
	if at == nil {
		return nil
	}
	own, ownErr := url.Parse(p.address())
	to, err := url.Parse(part.address())
	if ownErr != nil || err != nil {
		return nil
	}
	if _, further := numberOf(own, to); further && at.address != part.Snapshot.URL && at.address != part.address() {
		return nil
	}
	return at.node
}

// putInto puts the content of a document behind the frame that shows it, with whole addresses.
func putInto(frame *html.Node, part *Page) {
	box := element("div", "")
	box.Attr = append(box.Attr, html.Attribute{Key: "id", Val: attrOf(frame, "id")}, html.Attribute{Key: "class", Val: attrOf(frame, "class")})
	body := part.Root
	eachElement(part.Root, func(n *html.Node) {
		if n.DataAtom == atom.Body && body == part.Root {
			body = n
		}
		for i, a := range n.Attr {
			if (a.Key == "href" || a.Key == "src") && part.absolute(a.Val) != "" {
				n.Attr[i].Val = part.absolute(a.Val)
			}
		}
	})
	for c := body.FirstChild; c != nil; c = body.FirstChild {
		body.RemoveChild(c)
		box.AppendChild(c)
	}
	place := frame
	for place.Parent != nil && place.Parent.DataAtom == atom.Frameset {
		place = place.Parent
	}
	if place.Parent == nil {
		return
	}
	place.Parent.InsertBefore(box, place.NextSibling)
}
