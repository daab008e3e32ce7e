package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os/exec"
	"regexp"
	"slices"
	"sort"
	"strconv"
	"strings"
)

// What only the source text of a package says, and reflection does not.
type source struct {
	// Markers of fields (`+optional`, `+required`), by "Type.Field".
	markers map[string][]string
	// Values of string types marked `+enum`, by type, sorted.
	enums map[string][]string
	// Constants that are text, by name.
	texts map[string]string
}

var sources = map[string]*source{}
var marker = regexp.MustCompile(`(?m)^\s*\+(optional|required|enum)\b`)

func sourceOf(pkg string) *source {
	if known, ok := sources[pkg]; ok {
		return known
	}
	out, err := exec.Command("go", "list", "-f", "{{.Dir}}", pkg).Output()
	must(err)
	parsed, err := parser.ParseDir(token.NewFileSet(), strings.TrimSpace(string(out)), nil, parser.ParseComments)
	must(err)
	found := &source{map[string][]string{}, map[string][]string{}, map[string]string{}}
	sources[pkg] = found
	for name, files := range parsed {
		if !strings.HasSuffix(name, "_test") {
			for _, file := range files.Files {
				found.readTypes(file)
			}
		}
	}
	for _, files := range parsed {
		for _, file := range files.Files {
			found.readValues(file)
		}
	}
	for name := range found.enums {
		sort.Strings(found.enums[name])
	}
	return found
}

func markersOf(groups ...*ast.CommentGroup) []string {
	names := []string{}
	for _, group := range groups {
		if group == nil {
			continue
		}
		for _, comment := range group.List {
			for _, match := range marker.FindAllStringSubmatch(strings.TrimLeft(comment.Text, "/* \t"), -1) {
				names = append(names, match[1])
			}
		}
	}
	return names
}

func (s *source) readTypes(file *ast.File) {
	for _, declared := range file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok || general.Tok != token.TYPE {
			continue
		}
		for _, spec := range general.Specs {
			named := spec.(*ast.TypeSpec)
			switch shape := named.Type.(type) {
			case *ast.Ident:
				if shape.Name != "string" {
					continue
				}
				for _, name := range markersOf(general.Doc, named.Doc) {
					if name == "enum" {
						s.enums[named.Name.Name] = []string{}
					}
				}
			case *ast.StructType:
				for _, field := range shape.Fields.List {
					for _, name := range field.Names {
						s.markers[named.Name.Name+"."+name.Name] = markersOf(field.Doc)
					}
				}
			}
		}
	}
}

func (s *source) readValues(file *ast.File) {
	for _, declared := range file.Decls {
		general, ok := declared.(*ast.GenDecl)
		if !ok || general.Tok != token.CONST {
			continue
		}
		for _, spec := range general.Specs {
			value := spec.(*ast.ValueSpec)
			for i, one := range value.Values {
				of, _ := value.Type.(*ast.Ident)
				call, isCall := one.(*ast.CallExpr)
				if isCall && of == nil && len(call.Args) == 1 {
					// Name = Type("value")
					of, _ = call.Fun.(*ast.Ident)
					one = call.Args[0]
				}
				text, ok := s.textOf(one, file)
				if ok {
					s.texts[value.Names[i].Name] = text
				}
				if of == nil {
					continue
				}
				if _, isEnum := s.enums[of.Name]; isEnum {
					if !ok {
						// without it the enumeration would be short, and refuse what is allowed
						panic(of.Name + " has a value that is not understood")
					}
					if !slices.Contains(s.enums[of.Name], text) {
						s.enums[of.Name] = append(s.enums[of.Name], text)
					}
				}
			}
		}
	}
}

// The value of a constant: a literal, or one of another package.
func (s *source) textOf(value ast.Expr, file *ast.File) (string, bool) {
	switch value := value.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(value.Value)
		return text, err == nil && value.Kind == token.STRING
	case *ast.SelectorExpr:
		from, ok := value.X.(*ast.Ident)
		if !ok {
			return "", false
		}
		for _, imported := range file.Imports {
			path, err := strconv.Unquote(imported.Path.Value)
			must(err)
			if imported.Name != nil && imported.Name.Name == from.Name {
				text, ok := sourceOf(path).texts[value.Sel.Name]
				return text, ok
			}
		}
	}
	return "", false
}
