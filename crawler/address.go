package crawler

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	whatwg "github.com/nlnwa/whatwg-url/url"
	"golang.org/x/net/publicsuffix"
)

// An addressParser reads addresses as the WHATWG standard does, and so as
// browsers do.
type addressParser struct{ strict, lax whatwg.Parser }

func newAddressParser(opts ...whatwg.ParserOption) addressParser {
	return addressParser{
		strict: whatwg.NewParser(opts...),
		lax:    whatwg.NewParser(append(opts, whatwg.WithLaxHostParsing())...),
	}
}

// ParseRef reads ref relative to base. The library refuses labels that only
// look like Punycode; browsers take them as they stand.
func (p addressParser) ParseRef(base, ref string) (*whatwg.Url, error) {
	u, err := p.strict.ParseRef(base, ref)
	if err != nil && punycode.MatchString(ref) {
		if u, laxErr := p.lax.ParseRef(base, strings.ToLower(ref)); laxErr == nil {
			return u, nil
		}
	}
	return u, err
}

// punycode finds a plain host with a Punycode label.
var punycode = regexp.MustCompile(`(?i)^[a-z]+://([a-z0-9-]+\.)*xn--[a-z0-9-]*(\.[a-z0-9-]+)*\.?(:\d*)?/?$`)

// addresses encodes a lone percent sign, because Go refuses to send one.
var addresses = newAddressParser(whatwg.WithPercentEncodeSinglePercentSign())

// An Address is an http or https address in the form that is asked for:
// without fragment, user information and tracking parameters.
type Address struct {
	URL  string // absolute
	Raw  string // with the session and tracking parameters that URL leaves out, "" without any
	Key  string // equal for addresses that are the same page
	Host string // host and port: the unit of politeness
	Path string // with query, as robots.txt rules see it
}

// maxAddress is the longest address that is asked for, in bytes.
const maxAddress = 8 << 10

// ParseAddress reads ref relative to base. An empty base means that ref is
// absolute. Other schemes than http and https are an error.
func ParseAddress(base, ref string) (Address, error) {
	ref = strings.TrimSpace(ref)
	if len(ref) > 4*maxAddress {
		return Address{}, fmt.Errorf("address of %d bytes: servers take at most %d", len(ref), maxAddress)
	}
	if hidesHost(ref) {
		return Address{}, fmt.Errorf("address %q: readers disagree on its host", ref)
	}
	u, err := addresses.ParseRef(base, ref)
	if err != nil && base == "" && !strings.Contains(ref, ":") {
		return Address{}, fmt.Errorf("address %q: it does not begin with http:// or https://", ref)
	}
	if err != nil {
		return Address{}, fmt.Errorf("address %q: %w", ref, err)
	}
	if s := u.Scheme(); s != "http" && s != "https" {
		return Address{}, fmt.Errorf("address %q: scheme %q is not http or https", ref, s)
	}
	if u.Hostname() == "" {
		return Address{}, fmt.Errorf("address %q: no host", ref)
	}
	u.SetHash("")
	u.SetUsername("")
	u.SetPassword("")
	raw := u.Href(true)
	if q := withoutTracking(u.Pathname(), u.Query()); q != "" {
		u.SetSearch("?" + q) // which takes one mark away
	} else {
		u.SetSearch("")
	}
	if p := u.Pathname(); strings.Contains(p, ";") {
		u.SetPathname(sessionPath.ReplaceAllString(p, ""))
	}
	href := u.Href(true)
	if len(href) > maxAddress {
		return Address{}, fmt.Errorf("address of %d bytes: servers take at most %d", len(href), maxAddress)
	}
	if raw == href || strings.TrimSuffix(raw, "?") == href || len(raw) > maxAddress {
		raw = ""
	}
	_, rest, _ := strings.Cut(href, "://")
	host, path, _ := strings.Cut(rest, "/")
	return Address{URL: href, Raw: raw, Key: keyOf(href), Host: host, Path: "/" + path}, nil
}

// hidesHost reports whether an address has a backslash and an @ where its host
// stands: programs read different hosts from such a one.
func hidesHost(ref string) bool {
	_, rest, ok := strings.Cut(ref, "//")
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	return ok && strings.Contains(rest, `\`) && strings.Contains(rest, "@")
}

// Origin is scheme, host and port.
func (a Address) Origin() string {
	scheme, _, _ := strings.Cut(a.URL, "://")
	return scheme + "://" + a.Host
}

// File is the path without the query.
func (a Address) File() string {
	file, _, _ := strings.Cut(a.Path, "?")
	return file
}

// Domain is the registrable domain of the address, or the host itself when it
// has none: an IP address, localhost, a bare suffix.
func (a Address) Domain() string {
	host := a.Host
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:i]
	}
	if d, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return d
	}
	return a.Host
}

// tracking are parameters that say where a reader came from. They never
// choose the page.
var tracking = map[string]bool{
	"fbclid": true, "gclid": true, "gclsrc": true, "dclid": true, "gbraid": true, "wbraid": true, "msclkid": true,
	"yclid": true, "ysclid": true, "igshid": true, "twclid": true, "ttclid": true, "li_fat_id": true, "mc_cid": true, "mc_eid": true,
	"_ga": true, "_gl": true, "_hsenc": true, "_hsmi": true, "mkt_tok": true, "oly_anon_id": true, "oly_enc_id": true,
	"vero_id": true, "wickedid": true, "s_cid": true, "icid": true, "ncid": true, "spm": true, "scm": true,
	"_openstat": true, "rb_clickid": true, "share_token": true, "share_from": true, "isappinstalled": true, "nsukey": true,
}

// trackingPrefixes begin the names of whole families of such parameters.
var trackingPrefixes = []string{"utm_", "hsa_", "pk_", "mtm_", "piwik_", "matomo_", "at_custom"}

// sessionNames are parameters that carry a session whatever their value, sessionLike
// those that may when it looks like one.
var (
	sessionNames = map[string]bool{
		"phpsessid": true, "jsessionid": true, "cfid": true, "cftoken": true, "oscsid": true, "zenid": true, "xtcsid": true,
	}
	sessionLike = map[string]bool{"sessionid": true, "session_id": true, "sid": true, "sess": true, "vsid": true}
)

var (
	sessionValue = regexp.MustCompile(`^[0-9A-Za-z!.\-]{16,}$`)
	// sessionHash is the value of a session whose parameter is named by a letter.
	sessionHash = regexp.MustCompile(`^[0-9a-f]{32}$`)
	// sessionFolder is how ASP.NET writes a session without a cookie. The address that
	// is asked keeps it: the server would send whoever has none on to another.
	sessionFolder = regexp.MustCompile(`/\((?:[A-Z]\([0-9A-Za-z_-]{8,}\))+\)/`)
	sessionPath   = regexp.MustCompile(`(?i);(jsessionid|phpsessid|v?sid)=[^/;]*`)
)

// clockDigits is how many digits the milliseconds since 1970 have.
const clockDigits = 13

// cacheBusters are parameters that only keep caches from answering: random numbers and
// times.
var (
	cacheBusters = map[string]bool{"_": true, "_dc": true, "nocache": true, "cachebuster": true, "rnd": true, "rand": true, "random": true,
		"t": true, "ts": true, "time": true, "timestamp": true, "_t": true, "v": true}
	randomValue = regexp.MustCompile(`^0\.\d{8,}$`)
	clockValue  = regexp.MustCompile(`^1\d+$`)
	staticFile  = regexp.MustCompile(`(?i)\d[^/]*\.s?html?$`)
)

// withoutTracking drops tracking and session parameters from a query and
// leaves the others as and where they are. What only looks like a session, a random number
// or a time is dropped only where a number chooses the page, in the name of its file or in a
// parameter: it may itself choose one.
func withoutTracking(path, query string) string {
	kept := strings.Split(query, "&")
	chosen := staticFile.MatchString(path) || slices.ContainsFunc(kept, func(p string) bool {
		_, value, _ := strings.Cut(p, "=")
		return len(value) < clockDigits && strings.ContainsAny(value, "0123456789") && !randomValue.MatchString(value)
	})
	n := 0
	for _, p := range kept {
		name, value, _ := strings.Cut(p, "=")
		name = strings.ToLower(name)
		if p != "" && !isTracking(name) && !isSession(name, value) && !(chosen && isPassing(name, value)) {
			kept[n] = p
			n++
		}
	}
	return strings.Join(kept[:n], "&")
}

func isTracking(name string) bool {
	return tracking[name] || slices.ContainsFunc(trackingPrefixes, func(p string) bool { return strings.HasPrefix(name, p) })
}

func isSession(name, value string) bool {
	return sessionNames[name] || strings.HasPrefix(name, "aspsessionid") || sessionLike[name] && sessionValue.MatchString(value)
}

// isPassing reports whether a parameter looks like a session, a random number or the time.
func isPassing(name, value string) bool {
	return name == "s" && sessionHash.MatchString(value) || randomValue.MatchString(value) || len(value) == clockDigits && clockValue.MatchString(value) && cacheBusters[name]
}

// keyOf writes percent-encodings in one way: unreserved characters plain, the
// others with capital digits; and leaves a session in the path out. The rest of the
// address is already in one form.
func keyOf(href string) string {
	if strings.Contains(href, "/(") {
		href = sessionFolder.ReplaceAllString(href, "/")
	}
	if !strings.Contains(href, "%") {
		return href
	}
	var b strings.Builder
	b.Grow(len(href))
	for i := 0; i < len(href); i++ {
		if href[i] != '%' || i+2 >= len(href) || !isHex(href[i+1]) || !isHex(href[i+2]) {
			b.WriteByte(href[i])
			continue
		}
		c := unhex(href[i+1])<<4 | unhex(href[i+2])
		if isUnreserved(c) {
			b.WriteByte(c)
		} else {
			b.WriteString(strings.ToUpper(href[i : i+3]))
		}
		i += 2
	}
	return b.String()
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	switch {
	case c <= '9':
		return c - '0'
	case c >= 'a':
		return c - 'a' + 10
	default:
		return c - 'A' + 10
	}
}

func isUnreserved(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || strings.IndexByte("-._~", c) >= 0
}
