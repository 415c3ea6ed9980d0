package crawler

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/dossier-archive/dossier"
)

// TestEntranceHoldsNobodyUp: while a slow entrance is asked for its cookies, other pages
// of its host wait for it, until they are told to stop, and other sites go on.
func TestEntranceHoldsNobodyUp(t *testing.T) {
	asked, release := make(chan struct{}, 2), make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-release
		http.SetCookie(w, &http.Cookie{Name: "reader", Value: "1"})
	}))
	defer server.Close()
	c := New(Options{Log: slog.New(slog.DiscardHandler), AllowPrivate: true, Timeout: time.Minute, MaxBody: 1 << 20}, struct{ Store }{})
	site := &dossier.Site{ID: "s", Start: []string{server.URL + "/"}, Robots: dossier.RobotsIgnore}
	getsCookies := func(ctx context.Context) chan bool {
		a, err := ParseAddress("", server.URL+"/1.html")
		if err != nil {
			t.Fatal(err)
		}
		v := &visit{site: site, scope: newScope(site), task: dossier.Task{URL: a.URL, Host: a.Host, Kind: dossier.KindArticle}}
		v.out.Outcome.Reason = dossier.ReasonLogin
		got := make(chan bool, 1)
		go func() { got <- c.getsCookies(ctx, v) }()
		return got
	}
	first := getsCookies(t.Context())
	<-asked
	second := getsCookies(t.Context())
	ctx, stop := context.WithCancel(t.Context())
	third := getsCookies(ctx)
	stop()
	begun := make(chan error, 1)
	go func() {
		_, err := c.Starts(&dossier.Site{ID: "t", Start: []string{"http://quay.example/"}})
		begun <- err
	}()
	for range 2 {
		select {
		case got := <-third:
			if got {
				t.Error("who was told to stop has cookies")
			}
		case err := <-begun:
			if err != nil {
				t.Error(err)
			}
		case <-second:
			t.Error("the second did not wait for the cookies")
		case <-time.After(2 * time.Second):
			t.Error("another site, or who was told to stop, waits for the entrance")
		}
	}
	close(release)
	if !<-first || !<-second || len(asked) > 0 {
		t.Errorf("the entrance gave no cookies, or was asked %d times more", len(asked))
	}
}
