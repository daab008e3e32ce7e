// Says how kubectl's own decoder (k8s.io/apimachinery) reads YAML: a line of JSON {"yaml": "<base64>"} in, a line
// {"docs": [...], "error": "..."} out. test/fixtures/kubernetes/kubectl-readings.json holds its answers, so that the
// tests need neither Go nor a network. To make them again:
//
//	cd $(mktemp -d) && cp .../scripts/yaml-oracle/main.go . && go mod init oracle && go get k8s.io/apimachinery@latest
//	go build -o oracle . && node .../scripts/yaml-oracle/cases.mjs ./oracle
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
)

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var q struct{ Yaml []byte }
			if e := json.Unmarshal(line, &q); e != nil {
				panic(e)
			}
			docs := []json.RawMessage{}
			d := utilyaml.NewYAMLOrJSONDecoder(bytes.NewReader(q.Yaml), 4096)
			var fail error
			for {
				var raw json.RawMessage
				e := d.Decode(&raw)
				if e == io.EOF {
					break
				}
				if e != nil {
					fail = e
					break
				}
				if len(raw) == 0 {
					raw = json.RawMessage("null")
				}
				docs = append(docs, raw)
			}
			out := map[string]any{"docs": docs}
			if fail != nil {
				out["error"] = fail.Error()
			}
			b, e := json.Marshal(out)
			if e != nil {
				b = []byte(fmt.Sprintf(`{"error":%q}`, e.Error()))
			}
			os.Stdout.Write(append(b, '\n'))
		}
		if err != nil {
			break
		}
	}
}
