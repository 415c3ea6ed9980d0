package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"

	"github.com/dossier-archive/dossier"
)

// The reasons that the crawler gives. docs/outcomes.md says what each means;
// HTTP statuses are http_ and the number.
const (
	ReasonNotModified   dossier.Reason = "not_modified"
	ReasonRedirect      dossier.Reason = "redirect"
	ReasonCanonical     dossier.Reason = "canonical"
	ReasonRedirectHome  dossier.Reason = "redirect_home"
	ReasonRedirectError dossier.Reason = "redirect_error"
	ReasonRedirectList  dossier.Reason = "redirect_list"
	ReasonNotFoundText  dossier.Reason = "not_found_text"
	ReasonErrorText     dossier.Reason = "error_text"
	ReasonChallenge     dossier.Reason = "challenge"
	ReasonLogin         dossier.Reason = "login"
	ReasonNotArticle    dossier.Reason = "not_article"
	ReasonNoSource      dossier.Reason = "no_source"
	ReasonNotHTML       dossier.Reason = "not_html"
	ReasonEmpty         dossier.Reason = "empty"
	ReasonNoLinks       dossier.Reason = "no_links"
	ReasonBadXML        dossier.Reason = "bad_xml"

	ReasonExcluded     dossier.Reason = "excluded"
	ReasonOutOfScope   dossier.Reason = "out_of_scope"
	ReasonRobots       dossier.Reason = "robots_disallowed"
	ReasonRobotsDown   dossier.Reason = "robots_unreachable"
	ReasonPrivate      dossier.Reason = "private_address"
	ReasonBadAddress   dossier.Reason = "bad_address"
	ReasonHostDown     dossier.Reason = "host_down"
	ReasonPagingEnd    dossier.Reason = "paging_nothing_new"
	ReasonPagingEmpty  dossier.Reason = "paging_empty"
	ReasonPagingRepeat dossier.Reason = "paging_repeats"
	ReasonPagingLimit  dossier.Reason = "paging_limit"
	ReasonPagingUnread dossier.Reason = "paging_unread"
	ReasonGap          dossier.Reason = "gap"

	ReasonTimeout      dossier.Reason = "timeout"
	ReasonDNS          dossier.Reason = "dns"
	ReasonRefused      dossier.Reason = "refused"
	ReasonReset        dossier.Reason = "reset"
	ReasonUnreachable  dossier.Reason = "unreachable"
	ReasonTruncated    dossier.Reason = "truncated"
	ReasonTooLarge     dossier.Reason = "too_large"
	ReasonBomb         dossier.Reason = "bomb"
	ReasonEncoding     dossier.Reason = "bad_encoding"
	ReasonBadAnswer    dossier.Reason = "bad_answer"
	ReasonRedirectLoop dossier.Reason = "redirect_loop"
	ReasonRedirects    dossier.Reason = "too_many_redirects"
	ReasonBadRedirect  dossier.Reason = "bad_redirect"
	ReasonTLSExpired   dossier.Reason = "tls_expired"
	ReasonTLSName      dossier.Reason = "tls_name"
	ReasonTLSAuthority dossier.Reason = "tls_authority"
	ReasonTLSHandshake dossier.Reason = "tls_handshake"
	ReasonTLS          dossier.Reason = "tls"
)

// reasonOf names what went wrong with a request.
func reasonOf(err error) dossier.Reason {
	if r := tlsReason(err); r != "" {
		return r
	}
	for _, known := range []struct {
		err    error
		reason dossier.Reason
	}{
		{errPrivate, ReasonPrivate}, {ssrf.ErrProhibitedIP, ReasonPrivate}, {ssrf.ErrInvalidHostPort, ReasonBadAddress},
		{errTooLarge, ReasonTooLarge}, {errBomb, ReasonBomb}, {errTruncated, ReasonTruncated}, {errEncoding, ReasonEncoding},
		{context.DeadlineExceeded, ReasonTimeout}, {syscall.ECONNREFUSED, ReasonRefused},
		{syscall.ECONNRESET, ReasonReset}, {syscall.EPIPE, ReasonReset},
		{syscall.EHOSTUNREACH, ReasonUnreachable}, {syscall.ENETUNREACH, ReasonUnreachable},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	var dns *net.DNSError
	var name *net.AddrError // a name that is never looked up
	if errors.As(err, &dns) || errors.As(err, &name) {
		if dns != nil && dns.IsTimeout {
			return ReasonTimeout
		}
		return ReasonDNS
	}
	if isTimeout(err) {
		return ReasonTimeout
	}
	if isCut(err) {
		return ReasonReset
	}
	return ReasonBadAnswer
}

// tlsReason tells the errors of TLS apart, "" when it is none.
func tlsReason(err error) dossier.Reason {
	var invalid x509.CertificateInvalidError
	var name x509.HostnameError
	var authority x509.UnknownAuthorityError
	var verify *tls.CertificateVerificationError
	switch {
	case isTimeout(err):
		return ""
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return ReasonTLSExpired
	case errors.As(err, &name):
		return ReasonTLSName
	case errors.As(err, &authority):
		return ReasonTLSAuthority
	case errors.As(err, &invalid), errors.As(err, &verify):
		return ReasonTLS
	case errors.Is(err, errHandshake), isAlert(err):
		return ReasonTLSHandshake
	}
	return ""
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// isAlert holds for what a TLS server says after the handshake: since TLS 1.3
// it is only then that it misses the client's certificate.
func isAlert(err error) bool {
	var alert tls.AlertError
	var op *net.OpError
	return errors.As(err, &alert) || errors.As(err, &op) && op.Op == "remote error"
}

// isCut recognises a connection that ended before there was an answer; the
// HTTP library has no value for it that survives wrapping.
func isCut(err error) bool {
	text := err.Error()
	return strings.HasSuffix(text, "EOF") || strings.Contains(text, "server closed idle connection") ||
		strings.Contains(text, "connection reset")
}

func httpReason(status int) dossier.Reason {
	return dossier.Reason(fmt.Sprintf("http_%d", status))
}

// isTransient reports whether trying again within a run can help.
func isTransient(r dossier.Reason) bool {
	switch r {
	case ReasonTimeout, ReasonRefused, ReasonReset, ReasonUnreachable, ReasonTruncated, ReasonRobotsDown, ReasonBadAnswer, ReasonTLSHandshake,
		httpReason(http.StatusRequestTimeout), httpReason(http.StatusTooEarly), httpReason(http.StatusTooManyRequests),
		httpReason(http.StatusInternalServerError), httpReason(http.StatusBadGateway),
		httpReason(http.StatusServiceUnavailable), httpReason(http.StatusGatewayTimeout):
		return true
	}
	return false
}

// blamesHost reports whether a reason speaks of the host rather than of one
// of its pages.
func blamesHost(r dossier.Reason) bool {
	switch r {
	case ReasonTimeout, ReasonDNS, ReasonRefused, ReasonReset, ReasonUnreachable, ReasonTLSHandshake,
		httpReason(http.StatusTooManyRequests), httpReason(http.StatusServiceUnavailable):
		return true
	}
	return false
}
