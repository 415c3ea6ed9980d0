package dossier

import "fmt"

// Reason is a stable code that says why an attempt at an address ended as it did.
// These are all of them; docs/outcomes.md says what each means.
type Reason string

// What a page or its server said.
const (
	ReasonNotModified   Reason = "not_modified"
	ReasonReading       Reason = "reading"
	ReasonRedirect      Reason = "redirect"
	ReasonCanonical     Reason = "canonical"
	ReasonRedirectHome  Reason = "redirect_home"
	ReasonRedirectError Reason = "redirect_error"
	ReasonRedirectList  Reason = "redirect_list"
	ReasonRedirectOther Reason = "redirect_other"
	ReasonNotFoundText  Reason = "not_found_text"
	ReasonErrorText     Reason = "error_text"
	ReasonChallenge     Reason = "challenge"
	ReasonLogin         Reason = "login"
	ReasonNotArticle    Reason = "not_article"
	ReasonNoSource      Reason = "no_source"
	ReasonNotHTML       Reason = "not_html"
	ReasonEmpty         Reason = "empty"
	ReasonNoText        Reason = "no_text"
	ReasonTextGone      Reason = "text_gone"
	ReasonNoDate        Reason = "no_date"
	ReasonNoLinks       Reason = "no_links"
	ReasonRowsGone      Reason = "rows_gone"
	ReasonBadXML        Reason = "bad_xml"
)

// HTTPReason is the reason of an answer whose status says enough: http_404.
func HTTPReason(status int) Reason { return Reason(fmt.Sprintf("http_%d", status)) }

// How a page stands to records.
const (
	ReasonRepost   Reason = "repost"
	ReasonOwnFirst Reason = "own_first"
	ReasonStale    Reason = "stale"
	ReasonMoved    Reason = "moved"
)

// Why an address was not asked.
const (
	ReasonAside      Reason = "not_followed"
	ReasonExcluded   Reason = "excluded"
	ReasonOutOfScope Reason = "out_of_scope"
	ReasonRobots     Reason = "robots_disallowed"
	ReasonRobotsDown Reason = "robots_unreachable"
	ReasonPrivate    Reason = "private_address"
	ReasonBadAddress Reason = "bad_address"
	ReasonHostDown   Reason = "host_down"
)

// Why a list was not followed further, and what it may have hidden.
const (
	ReasonPagingEnd    Reason = "paging_nothing_new"
	ReasonPagingEmpty  Reason = "paging_empty"
	ReasonPagingRepeat Reason = "paging_repeats"
	ReasonPagingLimit  Reason = "paging_limit"
	ReasonPagingUnread Reason = "paging_unread"
	ReasonGap          Reason = "gap"
)

// Why there was no answer, or none that could be taken.
const (
	ReasonTimeout      Reason = "timeout"
	ReasonDNS          Reason = "dns"
	ReasonRefused      Reason = "refused"
	ReasonReset        Reason = "reset"
	ReasonUnreachable  Reason = "unreachable"
	ReasonTruncated    Reason = "truncated"
	ReasonTooLarge     Reason = "too_large"
	ReasonBomb         Reason = "bomb"
	ReasonEncoding     Reason = "bad_encoding"
	ReasonBadAnswer    Reason = "bad_answer"
	ReasonRedirectLoop Reason = "redirect_loop"
	ReasonRedirects    Reason = "too_many_redirects"
	ReasonBadRedirect  Reason = "bad_redirect"
	ReasonTLSExpired   Reason = "tls_expired"
	ReasonTLSName      Reason = "tls_name"
	ReasonTLSAuthority Reason = "tls_authority"
	ReasonTLSHandshake Reason = "tls_handshake"
	ReasonTLS          Reason = "tls"
)
