// Made by scripts/kubernetes-types/families.mjs from github.com/kyverno/kyverno@v1.19.1 (Apache-2.0): do not edit.
//   Kyverno
//   Copyright The Kyverno Authors
//
//   This product includes software developed by the Kyverno project
//   (https://kyverno.io) and its contributors.
//
//   ---
//
//   This product bundles third-party software. The full list of dependencies
//   is declared in go.mod and pinned by content hash in go.sum. License
//   compliance is audited on every push to main via FOSSA
//   (https://app.fossa.com/projects/git%2Bgithub.com%2Fkyverno%2Fkyverno).
//
//   The dependency summary below was produced from the kyverno module
//   dependency graph (go-licenses report ./cmd/kyverno/...) and covers the
//   following license categories:
//
//   Apache-2.0: 197 packages
//   MIT:          93 packages
//   BSD-3-Clause: 47 packages
//   MPL-2.0:      13 packages
//   BSD-2-Clause:  4 packages
//   ISC:           1 package
//   BSD-2-Clause-FreeBSD: 1 package
//
//   The full machine-readable license inventory (package, license URL,
//   SPDX identifier) is available at:
//
//   https://app.fossa.com/projects/git%2Bgithub.com%2Fkyverno%2Fkyverno
//
//   ---
//
//   Notable third-party components and their copyright notices:
//
//   Kubernetes (k8s.io/*) — Apache-2.0
//   Copyright 2014 The Kubernetes Authors.
//
//   controller-runtime (sigs.k8s.io/controller-runtime) — Apache-2.0
//   Copyright 2018 The Kubernetes Authors.
//
//   OPA / Rego (github.com/open-policy-agent/opa) — Apache-2.0
//   Copyright 2016 The OPA Authors. All rights reserved.
//
//   cosign / sigstore (github.com/sigstore/*) — Apache-2.0
//   Copyright 2021 The Sigstore Authors.
//
//   Prometheus client (github.com/prometheus/client_golang) — Apache-2.0
//   Copyright 2012-2015 The Prometheus Authors.
//
//   CUE (cuelang.org/go) — Apache-2.0
//   Copyright 2019 CUE Authors.
//
//   Go extended modules (golang.org/x/*) — BSD-3-Clause
//   Copyright 2009 The Go Authors.
//
//   Helm (helm.sh/helm/v3) — Apache-2.0
//   Copyright The Helm Authors.
//
//   ---
//
//   The Apache License 2.0 (§4(d)) requires that, where an upstream Work
//   includes a NOTICE file, a readable copy of the attribution notices
//   contained within it must accompany any redistribution. This NOTICE file
//   satisfies that requirement for the Kyverno project itself. FOSSA scans
//   are used to detect upstream NOTICE content from dependencies that may
//   require propagation.
//
//   ---
//
//   This NOTICE file was last updated: 2026-05-21
//   To produce a per-package license report: go install github.com/google/go-licenses@v1.6.0 && go-licenses report ./cmd/kyverno/...
//   This NOTICE is maintained manually; the command above outputs a CSV that can be used to verify or update the counts and notable components above.

/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  'X3UtBcKqwG44/ww17IULddIl9K+yjuPx0LtL2c/CbseQ8rqnaNo9EKrq/7QGmt5vdU+vO+EcYiKKaUhiAJmpWlV74+pDLroQQk0RMl8vcIlZrJ2vWfq6RDaLTldfxoBD24YNz6+Wn5aOOXwjZ2QDaIhtRDTT01N1/045nGOGrprd19OjdKeQw5fsjFJgLgNkBIXB7v6wysgxSzIgiXMvY5Ydt37MtiLsEDBgjNDPrKz1DTt7pOPxy0iBx8Fcaw2ViE7xkLqQrTMz4EOjTGBZYx+wQDCb1Sfsf//hExiRqCIs9CWfH4hlZnFgY/MPs0uo3/RNVDWAwm0onDDEy4Y6EveEyykA+naSPdW0wPXgeUbx+CcbCuDt9pXTxxy/rT7BDpHfwqsHH/rzwLdQJifPvsW7sf059fTdMcP7xIlyzfjy3C+mvz7yHHWJP97ocTyqCv5X/pvrjMtQk03dc/VggXnd7hOZ1bh/de8TXzk0WSw0wz/DBbmao6UbCeMPNl5q+uxKEt7u32wKNpfvAQtqaEJFDv5lw/gdBvi6Dc0C9kySIsB+IluJsCydUULJKsHNwlTXKeBiqgrOFsALwVePIox+W8nBOmMugC8MyOTgpxgpKLS41Z31Gu4Sl8s7dKHh0P8XSciKr5S9ZW5GhHD9MBcAOkJ7GKVGD5ehIZDfurxw3CMmE+KyVLLfg4VJ/Xfzdoz6GnVAP1of+zFOR0HqAO42mAW+DiLPj3Q8aYMsmptQgAXEcYV0TmR+NnmD16yK02CcMFC0OLZwnx2WQNxCPdnUZ042nIIrY7TZmOajOkfmSaCt5s/PPTvZgE/3HUTV+pQUUBwi5DJrWsx6OH7Ig8HjuZFhwapxgAijGoNZ4PWpAVAh8ZD4aIhh6ps70oFDspAmf2NE3MeU+94YYShyGboEPiS+ssevPDPQTbsfCKZQHvg4auCuhwy7MrdpDKEX2aZS7IDWYn9zoAbZLCgj2UtQOgwaQACbgMCiQoWm7eVwUVU7BqVUfl2J0ZttCTJo+aGVTeEyBo72ejZfhATyhGuWb2oORda15n9sEfChbcgAr7GNYdLFAvCPQcCoBmhQ3MZAngbm8WTEAj6KBuLxJAQLrgDcO0SxBcafESY85LorvyKuG7EVS3q35Cgc6T8SMjKVUnkvwWwFKaIwqk8JAAo9TN0WV63nikfhSjCnI+KwdGQFRH0F9DcJ4W/QHQC/IXlKIWbu2V7JbMFK2jkZqRH2UeY0qS2IAN6FPZMpdUl2bvr1Y3IxjtQQd0O+vx1PKGGZXbPs6Wdw6tf+3GPgK6jYCThSizfl/rmrjr0xYpWhWzxfHStugKme6e9bd299wxtZ3HbM8pzlzB+bCRVO2sM4OthGwWpbsrtuTXqsFCXbDz8kSARlqgN24hIx2RTqo1It0mOU/KnWJADgsOtSeHo+5I1guhsrj36NBjjQRXZjI3bySbO8qBKVyi3Q6apCcJu+FaufJ26NZ3QfU7pW4ngvUba4lTE2af3az8Q1y95I/mqJRGd89Mjs5ZPUdPQOK6GND1qgaAQlz5XtFrgTZ7QOiXGRqPw/BYN9K5jYocslUToB8j2a4MzO2sl4arFnNWr+QAiHE2XJKhrLRhiGxqFDBGDV/GsgNEuC0JIWcblazUoAwKxwTzz6sY121y2S/KaXKNGDy/IUP8TkDfsP3mFXTJOyESr+A7zi73hjqz1YTS8CiiO4hQ/sxtr8j3ZylQ3/1zotRVSlknLPaaWBZe7AcRM0FugxSsGdvNpRVlRQdFgHaW8MiShml7T0NqvLceIL/KwaucYgOhZnT52akhhlm3xqHMIni1AmvvtjPkppSeMbRo0DOdfEazy7oEoqT/fNCS5Wd82NVdwV2+xMJQOZNIdlG3Trp1A1C9aM7/2R1kjV2TJo2IEWyx1kL6td0q3Dmx2IadMVOtm2BzNuTrN/+s7KUWpnc7b+iW2HAV7PZyO4M8nYhgTj13Fr3s8l2Mrp9xzbeZcN1IMTT4u6+Z7vOV6HFcEG1M4OiIUR1wBn1z/5+z1Mah686GJSozTm4TG7o9jPXhxWF93HRhoEpbdorVrR0UYnXwQr/yhQ+isencKIR/beRd4JQ3RRI188UriMwbWOJOkKDKnM5dCzGDNF8sQdbu7EFU0t7OIEBWLuTkTYQK+itWBhi+sC2FA0FuBiFUA72GVWpl8CBTsp0ZqGTiDZm/JzfKHhWCWfanx3VVleGgo95ZDIarTGnvsVrV2l2Hh81dX0ldMDeHIY6l4MYgljQ/n9v8Uls8/U0C0lqbeCn+UNuxahDfm07xBevFjiLFmcAI/yB9/G11d+kGA5jIzPKuTmyaCLWnINV8JIPMk8/EE5kSka6y2opjhJ2cqzDtjVSliqjB6T0rTUbT1bsFRPDs8mSYaAUNbuzdnFGpKhrDT75LxMr0V33J6Czob28HsGRovTh5Y4KiE9EIqcvvw2xUwCbeDm96snb/o1lMx3nhwi50asbm6eizT9w9iBiEquyXf5lnSvTsNOg4VZlJHIm1vXVGu4YWnA2tlx0vFhPI9+yJcx8HM6ljqezeNIVgU1OnSpPcufQW2s93+5S81NiZl0tYqylnrsZpqNbLafHZDV2ekgOdgZvtGGFhhBYOEqH1s/rZkSAjm32ISWvkVwPuzk4FOp+LByCw4DemwE5OjnV5okcQUbB7DWOGmFmj1z/ytx8cebemtEozeysTX2xmgcjdNp2chGXpsk2RWyoDa+SPJ6WXgZtoXHHotUIokj8OhlW9wCTB50GTedVGNoyov/f6aIkqfoWbtKocftlo8J1Vx7kP3LZUR0TEuGv/Klo2a8kFvla1b0tondG0khM858fQ8Up/iVNrK0rosqTHLdeLx2Uoi8l54ay2gBQDpQHrKEauP9WwV+asvFCOk07XRm48IaijN3iQhFEzZ0LDQVpHiLl7haXiVORMIVLLIHpdZGzDTUwB9PxIw7uRAhebE/clbj+atA6di9VoMzYJa8pU/oMaQ+z7SuiOZHxz8wtTZWYRiCUE/DQZbzmHPZmCmr50s7YycZ3rNBQfEdeyd733Av65eQi/86ygGAqbJ6/AKAgaZ6yAGAWRoF5uY7a6IL+/wSKZRVHNdCPak4D+q6Rfnq4wkAFqDqRAUAPpu02GjqSDDLVFLOl5Lyt9Rrk4elPDlj0clndOO9YfspShI2lut3bqBRcQ06EpAvnXyxRC2wAopdPiORsg7I25Ge9dK2bZpITmQkD6poeXngOU/bGxg3YLNjrWPp+VQp1Y12rXAKtTzvzv3longvYj1cmZCoSU21uAzHTvUa+dWwy934VIGZRJFabHldNDKIEjIgtiv3vr32JgK7lum7nkR4bV6lBBJ5nvzksNbkIwHiziPeh/wcN8m+N2PxDVT6PBSQj3u0L/qeWOYnAq9i8hMH2gwUw7+G6M7yZGfdPDQl1DOuA+oalgBgOL2Ho1Og8zsIBfLWz9RBEugH2ujKrrG+YgCoqMwj0yQ+0938MM68NncLr6fSa9kJMj1PhEKhsDo3m+niEqkQKOIx0iGVepR+R1z6oj122pNmcvEeJ+ncy+nhnhOxzPUzGH7fa+aRDYGNqQ4s7YuL/+eqdaCyNdXFzjyWqyW3rtcw3sq7fPbpZINzIp00nHTLJuwWW7QJCSGQnWl+uPiviFsBC5P7irOPmChnEtDR75ZJntLxKt5fUxXWXwD3KFOkgQHoiDCxLnKhdLXD8QN+0KyuCVick3SecPfmWhk+LeIyTBJ4VGOFQ+nnhKj4t39xKldnIFp6zEg/M1fjWm8T6U7G7mQYLqaquF9qywQABEGhFGDYJvHpyE2tm4rzdYzDAx9y3uHdhnIkTWiTbyzjzih8fNLJZo5nEuedBC6x8LxJDIsur+kVjhQPARYP2lK9EftZ/t+VJQRhDO9fpkt8WzllLmikucJo9YWcIC85rT5ft1ySLCh5OKIwzmYHN2hMvVPhssUwWhVJd8aaCvfMKf9n+UU6H4XS26V+GQhOX7nqY3BHbAgM0V86RyLWvRiAUDl6SnVgnk3aEqwr1yrlnS4eS/pLnvI1yAAADn4ZZAAAkhpvEfGKm/il+O5ozCrvrdIZUgvmk5ewDYBsFDSNtI0PGHjkF9pGMCNp4CVWRLLpTUwvEq6QNq1INpP7faJqBp5uX2Dd5y8osLflvlg3GwbaUPmxr5JSjv5OHAF0Vn/pTZ4EBGwNRR7cSDBCY5qZk3Ivzt1BUyItd+4BZmd03mQO/MFNevgHMgpkms9w55H8mP+wwYp2Lo2NXZaxHs27/yOO0E+0Ero8stvHf+ycKqQL7DvkvGZcsdCzntotfjDwtDs1ATqHSa89ZHJyncnli2ohqqtpDwDqBS7THgBAQhkganxgz7wmDycv3AKhf1HU2FdkMwRdJjJbWFBMtogMisHxSYFeB/s8/RuTG5qaI3PPFHS81Ah2ktq6R0swCat4bHilgnLwFvLEKbxgBxE2SM8CiGTdpAf0SNt4eB4yA1dJttQad2uvTy0bawef1jjg4HLMlMN4z8ucVylnrdjxnQlNhKxUJmQzcxNWTsdtCrWO8v5d/CfZSvlKNC7Vys13NU9hYTl/rOmYl4vl2BM1BlPm61P+DtiYwzA49BAMY0X9ux/4m3s8H9paFO9tgCIo8XAQNJdJ0qZIt4pv/bdKngU72YCpK5Mf4VALXZmMdxfkWsn7ZxCidh8FchyBM1ScoZ2b8pXB7jkr/0qPNVVb+1bd8n6LO1kDPAwN2uTI3MQIx2vhlozwIx7ZaNPEDFE+8uOQda1Cab753SyZpjvRhVRmLX87hqptkNqzvi2pxV/Ep2qZS3zgwOgL9Gx1VXd7dhzareKwCnho21egin9u6K+we6QJtw0kMj/bCBVggOqn5FlL/HpJOSUN1SxTv9MqXYDo+sml0lpPl4XGOdyOlI0WldIOuq6hANgwebmGAgCStpGinmA36bOrC9it0119v7bN/GfI6pk4DMYM+3xy4aRVwQHzgNLUX7VldTi5kjyvBn47VLoAh+YWfcTU1pUAAHteWb3uBRKSkz8olyqhSFjy77dlw9puWu36Q6thX/ZUEaouQMX98cmCt1U2sWWC2Tsv2mKc7OQuix3+S9NObyx+uEvag2X1M/9TIf1b1hkRABtfLmdEAEDSxkXUT1kgZwLpwV6PhbrGXXnwYl2+GADIpuVQ+HhnqDXIAADCHVmlToegGvc29qGyAt8StpioAw4Ajkf1Mu0BACSVAJHkB5EHoTYWyiMPRy3Quk6iAPi4XEMBAMlWyMimmJu5dbXB/JZ+uRpfalZQ1WYQACzhX86IAIBkS0tkIxqN/Zj1v1V2PhrSVKHg81yDwaId5/HnAelEpeYFADh04ZKKzq6TJWK6HwhwpMmsYwwACu3ZzfuFPWHhldBM0/1vrzeity0b2VaEu7Q1QwDGJ6wkh7pkZyXLGy7iobQzn8GreO8RLqZs6omtFWPOMF/6s1yatVbSaSOXnYRy9N/OZ6Yi+M58aux6SGbe4khtnoMynpb/XITDZO+KTIV/iIQk1xOhsWLCVNqw2+GQ8E0dYwCwZSu+IrzWOgAgT82Q0tRgBwCF9hkV';
