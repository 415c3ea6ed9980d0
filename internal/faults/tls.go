package faults

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net"
	"net/http"
	"time"
)

// An Authority signs certificates for sites on loopback. The program trusts it
// when SSL_CERT_FILE names a file with PEM.
type Authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// NewAuthority makes an authority that nobody knows yet.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("key of the authority: %w", err)
	}
	template := certificate("Authority of the faults")
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, fmt.Errorf("certificate of the authority: %w", err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("certificate of the authority: %w", err)
	}
	return &Authority{cert, key}, nil
}

// PEM is the certificate of the authority.
func (a *Authority) PEM() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

// certificate is valid today, and for 127.0.0.1 alone.
func certificate(name string) *x509.Certificate {
	return &x509.Certificate{
		SerialNumber: big.NewInt(time.Now().UnixNano()), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
}

// sign makes the configuration of a server whose certificate is changed by
// change; by nobody's but its own signature when a is nil.
func (a *Authority) sign(change func(*x509.Certificate)) *tls.Config {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		panic(err) // the machine has no randomness
	}
	template := certificate("a site")
	change(template)
	parent, signer := template, key
	if a != nil {
		parent, signer = a.cert, a.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	if err != nil {
		panic(err) // the templates of this file are well-formed
	}
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
}

func asItIs(*x509.Certificate) {}

func expired(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Hour) }

func otherName(c *x509.Certificate) {
	c.IPAddresses, c.DNSNames = nil, []string{"www.harbour.example"}
}

func certificates() []Fault {
	secure := func(name, outcome string, config func(ca *Authority) *tls.Config) Fault {
		return Fault{Name: name, Make: moved(func(s *Site) string { return s.secure(config(s.ca)) + "/x.html" }), Want: Want{Outcome: outcome}}
	}
	out := []Fault{
		secure("certificate in order", "new", func(ca *Authority) *tls.Config { return ca.sign(asItIs) }),
		secure("certificate that has expired", "failed tls_expired", func(ca *Authority) *tls.Config { return ca.sign(expired) }),
		secure("certificate that is not yet valid", "failed tls_expired", func(ca *Authority) *tls.Config {
			return ca.sign(func(c *x509.Certificate) { c.NotBefore = time.Now().Add(time.Hour) })
		}),
		secure("certificate for another name", "failed tls_name", func(ca *Authority) *tls.Config { return ca.sign(otherName) }),
		secure("certificate without a name", "failed tls_name", func(ca *Authority) *tls.Config {
			return ca.sign(func(c *x509.Certificate) { c.IPAddresses = nil })
		}),
		secure("self-signed certificate", "failed tls_authority", func(*Authority) *tls.Config { return (*Authority)(nil).sign(asItIs) }),
		secure("authority that nobody knows", "failed tls_authority", func(*Authority) *tls.Config {
			other, err := NewAuthority()
			if err != nil {
				panic(err) // the machine has no randomness
			}
			return other.sign(asItIs)
		}),
		secure("certificate of a client in place of a server's", "failed tls", func(ca *Authority) *tls.Config {
			return ca.sign(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} })
		}),
		secure("only an old TLS", "failed tls_handshake", func(ca *Authority) *tls.Config {
			c := ca.sign(asItIs)
			c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
			return c
		}),
		secure("TLS that asks for the client's certificate", "failed tls_handshake", func(ca *Authority) *tls.Config {
			c := ca.sign(asItIs)
			c.ClientAuth, c.MaxVersion = tls.RequireAnyClientCert, tls.VersionTLS12 // which says so in the handshake
			return c
		}),
		{Name: "TLS that answers in plain HTTP", Make: port("https", func(c net.Conn) { io.WriteString(c, "HTTP/1.1 400 Bad Request\r\n\r\n") }),
			Want: Want{Outcome: "failed tls_handshake"}},
		{Name: "TLS broken off in the handshake", Make: port("https", func(c net.Conn) { c.Read(make([]byte, 16)) }), Want: Want{Outcome: "failed tls_handshake"}},
		{Name: "TLS that never shakes hands", Network: shortTimeout, Make: func(s *Site) { port("https", func(net.Conn) { <-s.hold })(s) }, Want: Want{Outcome: "failed robots_unreachable"}},
		{Name: "plain HTTP on the port of TLS", Make: moved(func(s *Site) string { return "http" + s.secure(s.ca.sign(asItIs))[len("https"):] + "/x.html" }),
			Want: Want{Outcome: "failed http_400"}},
		{Name: "expired certificate of the site itself", Make: func(s *Site) { s.Start = []string{s.secure(s.ca.sign(expired)) + "/news/"} },
			Want: Want{Outcome: "failed tls_expired", At: Start, Lost: true}},
		{Name: "redirect from TLS to plain", Make: moved(func(s *Site) string {
			s.Handle("/plain.html", html(story(9001)))
			return s.serveTLS(s.ca.sign(asItIs), func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, s.URL+"/plain.html", http.StatusFound)
			}) + "/x.html"
		}), Want: Want{Outcome: "new"}},
	}
	out = append(out,
		overTLS("server that would rather speak HTTP/2", "new", html(story(9001))),
		overTLS("TLS broken off before the answer", "failed reset", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		overTLS("TLS broken off inside the body", "failed truncated", func(w http.ResponseWriter, r *http.Request) {
			html(story(9001))(w, r)
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}),
		overTLS("body over TLS shorter than it says", "failed truncated", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "90000")
			html(story(9001))(w, r)
		}))
	out[1].Short, out[3].Short, out[5].Short = true, true, true
	return out
}

// overTLS is a fault of a page of a server that speaks HTTP/2 too, which keeps no head
// as it came and is not asked for; robots.txt is well.
func overTLS(name, outcome string, h http.HandlerFunc) Fault {
	return Fault{Name: name, Make: moved(func(s *Site) string {
		return s.serveTLS(s.ca.sign(asItIs), func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.ProtoMajor != 1:
				s.Wrong("asked in %s", r.Proto)
			case r.URL.Path == "/robots.txt":
				http.NotFound(w, r)
			default:
				h(w, r)
			}
		}) + "/x.html"
	}), Want: Want{Outcome: outcome}}
}

// port is a Make for an article that has moved to a port where do answers.
func port(scheme string, do func(net.Conn)) func(*Site) {
	return moved(func(s *Site) string { return scheme + "://" + s.listen(do) + "/x.html" })
}
