package archive

import (
	"net/http"
	"slices"
	"strings"

	"github.com/dossier-archive/dossier/archive/warc"
)

// The headers that a crawler sent stand in a record of their own, before or behind the answer.

// maxRequest bounds the bytes of a request that is kept; maxHeld bounds how many wait for
// their answers.
const maxRequest = 16 << 10

// request gives the header of a request to its answer, if that is among the last ones, or keeps
// it until that comes.
func (j *importJob) request(r *warc.Record, batch []*foreign) {
	if len(r.Block) > maxRequest {
		return
	}
	for _, f := range slices.Backward(batch) {
		if f.asked == nil && isAnswer(f.record, r) {
			f.asked = r.Asked()
			return
		}
	}
	for _, p := range slices.Backward(j.parts) {
		if p.asked == nil && isAnswer(p.Record, r) {
			p.asked = r.Asked()
			return
		}
	}
	if j.asked = append(j.asked, r); len(j.asked) > maxHeld {
		j.asked = slices.Delete(j.asked, 0, 1)
	}
}

// askedFor takes the header of the request that came before an answer; nil when none did.
func (j *importJob) askedFor(answer *warc.Record) http.Header {
	for i, r := range slices.Backward(j.asked) {
		if isAnswer(answer, r) {
			j.asked = slices.Delete(j.asked, i, i+1)
			return r.Asked()
		}
	}
	return nil
}

// isAnswer reports whether a record is the answer to a request: one of the two names the other,
// or they are of one address and moment and name none.
func isAnswer(answer, request *warc.Record) bool {
	if answer.Type != "response" {
		return false
	}
	const beside = "WARC-Concurrent-To"
	if names(request, beside, answer.ID) || names(answer, beside, request.ID) {
		return true
	}
	return request.Get(beside) == "" && answer.Get(beside) == "" && request.URI == answer.URI && request.Date.Equal(answer.Date)
}

// names reports whether a record has a field, which may stand several times, with a value.
func names(r *warc.Record, field, value string) bool {
	return value != "" && slices.ContainsFunc(r.Fields, func(f warc.Field) bool { return strings.EqualFold(f.Name, field) && f.Value == value })
}
