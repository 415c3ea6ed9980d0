package extract

import "testing"

// TestPagerWords: numbers of pages have words before them, some for those who hear alone
// and without a blank, and "next" says of how many rows.
func TestPagerWords(t *testing.T) {
	for text, want := range map[string]int{"2": 2, "[2]": 2, "第2页": 2, "Page 2": 2, "Página2": 2, "Seite 3": 3, "2/14": 2, "หน้า 4": 4, "Page": 0, "2 news": 0, "Phase 2": 0} {
		if got := pageNumber(text); got != want {
			t.Errorf("pageNumber(%q) = %d, want %d", text, got, want)
		}
	}
	for text, want := range map[string]bool{"Próximo 15 itens »": true, "Next 10 items": true, "次の10件": true, "Next to the harbour 5 firms settle": false} {
		if got := isNextText(text); got != want {
			t.Errorf("isNextText(%q) = %v, want %v", text, got, want)
		}
	}
}
