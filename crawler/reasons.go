package crawler

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"
	"syscall"

	"code.dny.dev/ssrf"

	"github.com/dossier-archive/dossier"
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
		{errPrivate, dossier.ReasonPrivate}, {ssrf.ErrProhibitedIP, dossier.ReasonPrivate}, {ssrf.ErrInvalidHostPort, dossier.ReasonBadAddress},
		{errTooLarge, dossier.ReasonTooLarge}, {errBomb, dossier.ReasonBomb}, {errTruncated, dossier.ReasonTruncated}, {errEncoding, dossier.ReasonEncoding},
		{context.DeadlineExceeded, dossier.ReasonTimeout}, {syscall.ECONNREFUSED, dossier.ReasonRefused},
		{syscall.ECONNRESET, dossier.ReasonReset}, {syscall.EPIPE, dossier.ReasonReset},
		{syscall.EHOSTUNREACH, dossier.ReasonUnreachable}, {syscall.ENETUNREACH, dossier.ReasonUnreachable},
	} {
		if errors.Is(err, known.err) {
			return known.reason
		}
	}
	var dns *net.DNSError
	var name *net.AddrError // a name that is never looked up
	if errors.As(err, &dns) || errors.As(err, &name) {
		if dns != nil && dns.IsTimeout {
			return dossier.ReasonTimeout
		}
		return dossier.ReasonDNS
	}
	if isTimeout(err) {
		return dossier.ReasonTimeout
	}
	if isCut(err) {
		return dossier.ReasonReset
	}
	return dossier.ReasonBadAnswer
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
		return dossier.ReasonTLSExpired
	case errors.As(err, &name):
		return dossier.ReasonTLSName
	case errors.As(err, &authority):
		return dossier.ReasonTLSAuthority
	case errors.As(err, &invalid), errors.As(err, &verify):
		return dossier.ReasonTLS
	case errors.Is(err, errHandshake), isAlert(err):
		return dossier.ReasonTLSHandshake
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

// isTransient reports whether trying again within a run can help.
func isTransient(r dossier.Reason) bool {
	switch r {
	case dossier.ReasonTimeout, dossier.ReasonRefused, dossier.ReasonReset, dossier.ReasonUnreachable, dossier.ReasonTruncated, dossier.ReasonRobotsDown, dossier.ReasonBadAnswer, dossier.ReasonTLSHandshake,
		dossier.HTTPReason(http.StatusRequestTimeout), dossier.HTTPReason(http.StatusTooEarly), dossier.HTTPReason(http.StatusTooManyRequests),
		dossier.HTTPReason(http.StatusInternalServerError), dossier.HTTPReason(http.StatusBadGateway),
		dossier.HTTPReason(http.StatusServiceUnavailable), dossier.HTTPReason(http.StatusGatewayTimeout):
		return true
	}
	return false
}

// blamesHost reports whether a reason speaks of the host rather than of one
// of its pages.
func blamesHost(r dossier.Reason) bool {
	switch r {
	case dossier.ReasonTimeout, dossier.ReasonDNS, dossier.ReasonRefused, dossier.ReasonReset, dossier.ReasonUnreachable, dossier.ReasonTLSHandshake,
		dossier.HTTPReason(http.StatusTooManyRequests), dossier.HTTPReason(http.StatusServiceUnavailable):
		return true
	}
	return false
}
