package crawler

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"sync"

	"golang.org/x/net/publicsuffix"
)

const (
	maxCookie     = 4096 // bytes of one cookie
	maxCookies    = 50   // cookies of one answer
	maxSentCookie = 4096 // bytes of cookies in one request: servers refuse more than twice that
	maxJar        = 300  // cookies that a domain may set before all of them are forgotten
)

// cookies keeps what each registrable domain has set, within limits. A cookie
// never reaches another domain, because each has a jar of its own. It is safe
// for concurrent use; the zero value is ready.
type cookies struct {
	mu   sync.Mutex
	jars map[string]*domainJar
}

type domainJar struct {
	jar *cookiejar.Jar
	set int // new names since the jar was empty
}

// domain must be called with mu held.
func (c *cookies) domain(u *url.URL) *domainJar {
	name, err := publicsuffix.EffectiveTLDPlusOne(u.Hostname())
	if err != nil {
		name = u.Hostname()
	}
	d := c.jars[name]
	if d == nil {
		d = &domainJar{jar: newJar()}
		if c.jars == nil {
			c.jars = map[string]*domainJar{}
		}
		c.jars[name] = d
	}
	return d
}

func newJar() *cookiejar.Jar {
	jar, err := cookiejar.New(&cookiejar.Options{PublicSuffixList: publicsuffix.List})
	if err != nil {
		panic(fmt.Sprintf("cookie jar: %v", err)) // it has no way to fail
	}
	return jar
}

func (c *cookies) SetCookies(u *url.URL, set []*http.Cookie) {
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.domain(u)
	if d.set > maxJar {
		d.jar, d.set = newJar(), 0
	}
	has := map[string]bool{}
	for _, k := range d.jar.Cookies(u) {
		has[k.Name] = true
	}
	for _, k := range set {
		if !has[k.Name] {
			d.set++
		}
	}
	d.jar.SetCookies(u, set)
}

// Cookies gives what is sent to u: those of the longest paths first, as many
// as a server takes.
func (c *cookies) Cookies(u *url.URL) []*http.Cookie {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := c.domain(u).jar.Cookies(u)
	size := 0
	for i, k := range all {
		if size += len(k.Name) + len(k.Value) + len("=; "); size > maxSentCookie {
			return all[:i]
		}
	}
	return all
}
