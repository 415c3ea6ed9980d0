package configs

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

const (
	maxFile  = 4 << 20
	maxNodes = 200_000 // after aliases are replaced by what they stand for
)

// readFile reads a file into a tree. The tree is nil when nothing can be read.
func readFile(file string) (*node, Problems) {
	var ps Problems
	text, err := readText(file)
	if err != nil {
		what, mend := explainRead(err)
		ps.add(Position{File: file}, "", what, mend)
		return nil, ps
	}
	tokens := lexer.Tokenize(string(text))
	if at := tooDeep(tokens); at != nil {
		ps.add(Position{File: file, Line: at.Position.Line, Col: at.Position.Column}, "", fmt.Sprintf("is nested more than %d times", maxNested), "write lists and groups one in another as docs/configuration.md shows")
		return nil, ps
	}
	tree, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, Problems{syntaxProblem(file, text, err)}
	}
	r := reader{file: file, anchors: map[string]ast.Node{}}
	root := r.document(tree)
	if r.broken {
		root = nil
	}
	return root, r.problems
}

// maxNested is how deep brackets, or lists begun on one line, may stand in each other: the time
// and the memory that the parser takes grow with the square of it.
const maxNested = 64

// tooDeep is the first token that is nested too deep, nil when none is.
func tooDeep(tokens token.Tokens) *token.Token {
	brackets, begun, line := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			begun, line = 0, t.Position.Line
		}
		switch t.Type {
		case token.SequenceStartType, token.MappingStartType:
			brackets++
		case token.SequenceEndType, token.MappingEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType:
			begun++
		}
		if brackets > maxNested || begun > maxNested {
			return t
		}
	}
	return nil
}

var (
	errFolder = errors.New("is a folder")
	errLarge  = errors.New("is larger than 4 MiB")
	errUTF16  = errors.New("is written in UTF-16")
	errNoUTF8 = errors.New("is not written in UTF-8, but perhaps in GBK or another encoding of Windows")
)

func readText(file string) ([]byte, error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, errFolder
	}
	if info.Size() > maxFile {
		return nil, errLarge
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	if bytes.HasPrefix(text, []byte{0xff, 0xfe}) || bytes.HasPrefix(text, []byte{0xfe, 0xff}) {
		return nil, errUTF16
	}
	if !utf8.Valid(text) {
		return nil, errNoUTF8
	}
	return bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")), nil
}

func explainRead(err error) (what, mend string) {
	switch {
	case errors.Is(err, errFolder):
		return "is a folder, not a file", "name a file in it, such as dossier.yaml"
	case errors.Is(err, errLarge):
		return err.Error(), "name a configuration file"
	case errors.Is(err, errUTF16), errors.Is(err, errNoUTF8):
		return err.Error(), "save it as UTF-8"
	case errors.Is(err, fs.ErrNotExist):
		return "is not there", "make it, or name another with --config FILE"
	}
	return "cannot be read: " + cause(err), "name another with --config FILE"
}

func syntaxProblem(file string, text []byte, err error) Problem {
	p := Problem{At: Position{File: file}, What: "is not YAML: " + err.Error(), Mend: "mend the notation"}
	var syntax yaml.Error
	if !errors.As(err, &syntax) {
		return p
	}
	p.What = "is not YAML: " + syntax.GetMessage()
	if tk := syntax.GetToken(); tk != nil && tk.Position != nil {
		p.At.Line, p.At.Col = tk.Position.Line, tk.Position.Column
	}
	if line, ok := tabbedLine(text); ok {
		p.At.Line, p.At.Col = line, 1
		p.What, p.Mend = "is not YAML: the line begins with a tab", "indent with blanks"
	}
	return p
}

// tabbedLine finds the first line that is indented by a tab.
func tabbedLine(text []byte) (int, bool) {
	for i, line := range bytes.Split(text, []byte("\n")) {
		indent := line[:len(line)-len(bytes.TrimLeft(line, " \t"))]
		if bytes.ContainsRune(indent, '\t') && len(bytes.TrimSpace(line)) > 0 {
			return i + 1, true
		}
	}
	return 0, false
}

// A reader turns the syntax tree of one file into nodes.
type reader struct {
	file     string
	anchors  map[string]ast.Node
	open     []string // aliases that are being replaced
	nodes    int
	broken   bool // what was read is not what was written
	problems Problems
}

func (r *reader) document(f *ast.File) *node {
	var docs []*ast.DocumentNode
	for _, d := range f.Docs {
		if _, comment := d.Body.(*ast.CommentGroupNode); d.Body != nil && !comment {
			docs = append(docs, d)
		}
	}
	switch {
	case len(docs) == 0:
		r.problems.add(Position{File: r.file}, "", "is empty", "write at least id and start of one site; docs/configuration.md has an example")
		return nil
	case len(docs) > 1:
		r.problem(docs[1].Body, "a second document begins", "keep one document a file: take out the line ---")
		return nil
	}
	n := r.node(docs[0].Body)
	if n.fields == nil {
		r.problem(docs[0].Body, "is not a list of keys and values", "write lines such as `archive: dossier.db`")
		return nil
	}
	return n
}

func (r *reader) problem(at ast.Node, what, mend string) {
	r.problems.add(r.position(at.GetToken()), "", what, mend)
}

func (r *reader) position(tk *token.Token) Position {
	p := Position{File: r.file}
	if tk != nil && tk.Position != nil {
		p.Line, p.Col = tk.Position.Line, tk.Position.Column
	}
	return p
}

func (r *reader) node(n ast.Node) *node {
	at := r.position(n.GetToken())
	if r.nodes++; r.nodes > maxNodes {
		if !r.broken {
			r.broken = true
			r.problem(n, "aliases make the file larger than it may be", "write the values out")
		}
		return &node{pos: at}
	}
	switch n := n.(type) {
	case *ast.MappingNode:
		return r.mapping(r.mappingPos(n), n.Values)
	case *ast.MappingValueNode:
		return r.mapping(r.position(n.Key.GetToken()), []*ast.MappingValueNode{n})
	case *ast.SequenceNode:
		list := &node{pos: at, list: true}
		for _, item := range n.Values {
			list.items = append(list.items, r.node(item))
		}
		return list
	case *ast.AnchorNode:
		r.anchors[n.Name.String()] = n.Value
		return r.node(n.Value)
	case *ast.AliasNode:
		return r.alias(n)
	case *ast.TagNode:
		return r.node(n.Value)
	}
	return &node{pos: at, value: r.scalar(n)}
}

// mappingPos is where the first key of a mapping stands; the token of the
// mapping is its first colon.
func (r *reader) mappingPos(n *ast.MappingNode) Position {
	if len(n.Values) > 0 && !n.IsFlowStyle {
		return r.position(n.Values[0].Key.GetToken())
	}
	return r.position(n.GetToken())
}

func (r *reader) mapping(at Position, values []*ast.MappingValueNode) *node {
	m := object(at)
	var merges []ast.Node
	for _, v := range values {
		if v.Key.IsMergeKey() {
			merges = append(merges, v.Value)
			continue
		}
		key, keyPos := keyText(v.Key), r.position(v.Key.GetToken())
		if old, ok := m.fields[key]; ok {
			r.problems.add(keyPos, key, fmt.Sprintf("is written twice, first at line %d", old.keyPos.Line), "keep one of the two")
			continue
		}
		value := r.node(v.Value)
		if value.value == nil && value.fields == nil && !value.list {
			value.pos = keyPos // an empty value has no place of its own
		}
		m.set(key, keyPos, value)
	}
	for _, from := range merges {
		r.merge(m, from)
	}
	return m
}

// merge adds what `<<: *alias` stands for, as far as it is not written.
func (r *reader) merge(m *node, from ast.Node) {
	other := r.node(from)
	for _, key := range other.keys {
		if _, ok := m.fields[key]; !ok {
			m.set(key, other.fields[key].keyPos, other.fields[key].node)
		}
	}
}

func (r *reader) alias(n *ast.AliasNode) *node {
	name := n.Value.String()
	target, ok := r.anchors[name]
	for _, open := range r.open {
		ok = ok && open != name
	}
	if !ok {
		r.broken = true
		r.problem(n, fmt.Sprintf("the alias *%s stands for nothing", name), "define it before with &"+name)
		return &node{pos: r.position(n.GetToken())}
	}
	r.open = append(r.open, name)
	defer func() { r.open = r.open[:len(r.open)-1] }()
	return r.node(target)
}

func keyText(k ast.MapKeyNode) string {
	if s, ok := k.(*ast.StringNode); ok {
		return s.Value
	}
	return strings.TrimSpace(k.String())
}

func (r *reader) scalar(n ast.Node) any {
	switch n := n.(type) {
	case *ast.StringNode:
		return n.Value
	case *ast.LiteralNode:
		return n.Value.Value
	case *ast.BoolNode:
		return n.Value
	case *ast.FloatNode:
		return n.Value
	case *ast.InfinityNode, *ast.NanNode:
		return n.String()
	case *ast.IntegerNode:
		if v, ok := n.Value.(int64); ok {
			return v
		}
		if v, ok := n.Value.(uint64); ok && v <= 1<<62 {
			return int64(v)
		}
		return n.GetToken().Value
	}
	return nil
}
