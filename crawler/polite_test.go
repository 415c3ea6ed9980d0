package crawler

import (
	"errors"
	"log/slog"
	"net/http"
	"testing"

	"github.com/dossier-archive/dossier"
)

// TestHostsComeBack: a host that has said too often that there were too many requests is
// left alone for the rest of the run, and asked again by the next run of a site that asks
// it, whether the site begins there or not.
func TestHostsComeBack(t *testing.T) {
	c := New(Options{Log: slog.New(slog.DiscardHandler)}, struct{ Store }{})
	site := &dossier.Site{ID: "s", Start: []string{"http://www.zone.example/"}, Robots: dossier.RobotsIgnore}
	other := &dossier.Site{ID: "t", Start: []string{"http://www.quay.example/"}, Robots: dossier.RobotsIgnore}
	asked := func(address string) error {
		a, err := ParseAddress("", address)
		if err != nil {
			t.Fatal(err)
		}
		return c.mayAsk(t.Context(), &visit{site: site, scope: newScope(site)}, a, 1)
	}
	begin := func(site *dossier.Site) {
		if _, err := c.Starts(site); err != nil {
			t.Fatal(err)
		}
	}
	begin(site)
	for _, address := range []string{"http://www.zone.example/1.html", "http://news.zone.example/1.html", "http://paper.example/1.html"} {
		if err := asked(address); err != nil {
			t.Errorf("%s: %v, want it asked", address, err)
		}
		for range maxFailures {
			c.polite.failed(address[len("http://"):len(address)-len("/1.html")], http.StatusTooManyRequests)
		}
		var down *failure
		if err := asked(address); !errors.As(err, &down) || down.reason != ReasonHostDown {
			t.Errorf("%s: %v, want %s", address, err, ReasonHostDown)
		}
		if begin(other); asked(address) == nil {
			t.Errorf("%s: the run of another site revived it", address)
		}
		if begin(site); asked(address) != nil {
			t.Errorf("%s: %v in the next run, want it asked", address, asked(address))
		}
	}
}
