package extract

import (
	"slices"
	"strings"
)

// standfirstSpan is how many lines above the text its standfirst may stand.
const standfirstSpan = 25

// minStandfirst is the size of the shortest standfirst.
const minStandfirst = 40

// standfirst is the introduction that many templates put between headline and
// text, outside of the element of the text: a line that is named so, or that
// the page gives as its description. Lines above it up to the headline are
// looked at; it is nil when the text begins with it anyway.
func (p *Page) standfirst(m *metadata, body []*block, title string) []*block {
	if len(body) == 0 {
		return nil
	}
	all, first := p.pageBlocks(), body[0].index
	key := squeezeLabel(title)
	described := squeezeLabel(m.get("og:description", "description", "twitter:description"))
	isInBody := func(text string) bool {
		return slices.ContainsFunc(body, func(b *block) bool { return b.key() == text })
	}
	for i := first - 1; i >= max(0, first-standfirstSpan); i-- {
		b := all[i]
		text := b.key()
		if text == key && key != "" {
			return nil
		}
		if b.hidden || b.linked*2 > b.runes || b.size < minStandfirst || b.region != RegionMain && b.region != RegionHeader || isInBody(text) {
			continue
		}
		if describes(described, text) || isStandfirstName(b) {
			return []*block{b}
		}
	}
	return nil
}

// describes reports whether a description is that of a line, perhaps cut.
func describes(description, text string) bool {
	cut := strings.TrimRight(description, ".…")
	return len(cut) >= minStandfirst && (strings.HasPrefix(text, cut) || strings.HasPrefix(cut, strings.TrimRight(text, ".…")))
}

// standfirstNames are ids and classes of introductions.
var standfirstNames = wordSet("standfirst", "lead", "lede", "ingress", "vorspann", "chapeau", "chapo", "sommario", "entradilla", "sapo", "perex", "dek", "bajada", "zhaiyao", "preamble")

func isStandfirstName(b *block) bool {
	return hasRegionWord(b.node, standfirstNames) || b.node.Parent != nil && hasRegionWord(b.node.Parent, standfirstNames)
}
