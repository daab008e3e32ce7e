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
  'X/0cBcJZ4LjlTYwCtxQ53z0C2UV+HLSt6p84wvmmpX7Vetgr+Xcv3/J11hD5vMJfEuAAoBymWXS6+raYS1hO/7+1Ps9+t0kmKqwSGRnpo8yvqvfqnI9LNAEAR9VzX71amr/AMAFyqGLZRhnSorsHelkFeUGYgPdZxiw7bv1YHWJARggYMERtP7a2ziNM9Afrz7MKktGftHKeqdbrMKopeSI7Z3bCh8aZwLLW3lUSwWxmn3T86zevW9ANmQIlFahDYpmZHLjY/EWdOvtN3+SYFrhwuy2dMMTTbmsIWp5wuguAvm14R7YtWHrkkkm1/s6ENTJwzYr5Dr8269jDBAHfdK8e3vjz0CaU3SL3u5G8G7ufU0/ftZDRJj+ca8aXb37Q+ON9W5k7+e1ltU6UaYL/lv9EnXEZbrIpjzZ7doJ53eIO7mbob+l98vnAJgsUYPh7OKEhcDR1HWn8wcZLTZ9dxoU3/Z1NwebyAyDJDE34k/BfNozfQgWPX6nX0J5JUg6xH8099bSbOos6s1WCm8Wp1CngAqYJzhbAi8OvnkTof1vG4DpjL8AvjMjk6CcfKSh0uIXOsJpd4uLMVxUb3vZ/gzOy4qvL3jI3o0K4QdQGRB2UgSEU3zqdDikVNjlCZZG4X4OJSf1zw4ZVuMYcgOfmx34qSTecGsByG0oCX0ckj49zpwMDX7IJAwWaPG44yInszyZn8Jo18Tk4MxRIMFXq4A793gmhFsJkWx+7V60guTIFm41pHLV9CpoCmWp+/8Tfw5Cgn/v2wXEY+6iP4pAjJrO2Rc0H44c8GDxdGxkWbBoHiDCqMVoFXp8a4eSS7sDRMB6Hvn5FsMqTaaeF/uQJb44pd1yqQYDIxegCeL94tE5PeeGfB8t9sqi3ZfO8AUFP9KZH/FIZ2zR+0Its0ylmQGexvxGqQS4LykT2EpQGgwYPwCUgsFwhQtP1cryoCo5RqSuvLkPNm22JMWjpoZVN4TIFjvZ6Lp+PBPJQZY+Nmf0JbZzzP3YI+NC2ZIjX2MYv6WIB+MsgYFQDNCheYyTvFPFdT6gBfJw78I6noEhwBeTeIYotMP6MseFDrqvyM+K6EFuRpHdLTsI5+GMhI1MphfcSzFaQIRdG1SkBQKGHudniqvWoeBTOBHM6xwyWjo3AcVsB+CYh/A24A+AvCPqTI8zcs72O2YKVtPMxZ0bYBxkBqeyHAN6FPY8pdTl2Yvrz21QqGiXD0gpZ6dSsPPkZIvrVb2tNPApqcgIR0gRg70TjGB2jwAwJxwbE3pm5W+TeeuKSuFrPQshZWfmxHdDglEexzg1/UTDbxmwjboPmc1Iiaw/UJwOTn8x0IOBbIjGYQjgqFR09PhmYKk0CAJm3zoSnr0Je6aW7uvHQ56oCmXCR29iKbdyxx4sqW6jcAZ2uKgRaea1Y/Tz5S6U29zGlayWO9/IUTFuZQpPWp/1CKntsL+RCSzd0l+ceme1uOjMdvYEctPFBCwyNoeS5rMF4J85qHRbiPPHlvwvU+oHkXL/Fw0CNwfhGnaOi7lO0KrXA32bU/MERHKQ8kuVUKwthHBpHDjGCVfKvoQ4sCUHrQMTlahUrAYC4wD3x+MXW2UbcItltenkyOXAWp/chZmfYU63A+k6a4llt93dxjj/jlat2OJheyRIH8R62wG0M5n+0w29c5b/N5J2IqkRS7gmtMLiMhmaboDFAj08O7eTVirKigeKCdZC2j5CGIxYb4gg1p9GvU0ngF9WpEYPc6JY992lKZpPNfOU+SE5WSoyAYOWBPkta0zDtG6iKRvBWJ5navdNdfFL2q+6c68qozt5sFA69waQZ2mzQEZ9CZSuYM76/Rp4jTXfIoGkGmixfIHtZYfJlbQILiLnLpQWl24za7XvqDsFxCmd7Nv0Lvpr0e5iPR8AeNPRQ45TH13FrgM9l0NLpiRy7ebsLZA7gOy0x5vui53gdVuUa1FpPqE4R1+Fm53/uH48w4+LB8yebalRDc+zuKPaEF0enRfeCkYYg6e1ZL5Z3MpF0bmB1AgVKd/njLBjznp13kXeTEF20aKwyKFym4FpFp/0JjKnMZf891JxnePKQG+3MoemFW0h5HuZOarMGsPLWxoQdrotgQ3VRgIs1gN1gplk9dwl+bCOqLgBJSdfr83r2Vp+4XGNfo7u94XRmKfSU/TKsas4YfHOi1ouUGo+vqpq5Yj5gJPCh7lUDljA2FN//W2T3AQNIU50mWMH34oZdi5hq+LTvol08WbJYsjgBHsUPvnWvzR9O2Rq/IbeYfvOMy3ktuYYzYSLe6QH87hgGPZvpIKpWujqHmi8kAq1fJddCsfkyxBud3j5A+Gn3nEzxwWkMVpoxci6l1iq2Ob0cD8vDb0c3j6EljzcIBiJ+05fMpmnRtxr6yduwkze7us20PnhySHYbJbLRWR0y6C9GTxQyMt7f5sn4yBULyk6fMJMy+mejeU2FBR2EBQzOHhUcH4lt71traonXizuW8Svxs5tmtYTe9jY7pj8GOWvrf7jB9BzVHVRrKOuoB04uPNMa9npCM2WfB/KTB5WNqcYEo/YqWJnj2C81U0Kg1RWb0NK3xm2MFTn4VKo0rJZ+w4Ae7QH5iRJ7clQWpAVg0KKkxcAee/yz+Pnt5TlrUcta1VZt107t1j4CWataXVROjynsQF1K0GmnZd5d2OaeLsxTWSOONaM3a0EKiEbQZdxAUU2wJ6/G/tkUKFPKnpUxUs/WtRWTstq3j8ez3Z8R0dIywS+bG9HFE7lVu2blbJvYPZAU5+Js1ffg0PI5L/Dwi6j46Suw8fxSbLqLVu67gJejY/oZijV6vTov8rRXXjzUwKr8qnnQIJuvs4dDjZ+aTQPzzGYoX/Ekrh2XBXM8rQ5FNVfhvGTRloY+fA2Ll0R+7rSSfvsrF6hBVO77d7LKJUJK31YmC7srornOkb+xP6iuChYEoZ5GBirymBPZmVhRTw5u0BF6oWeLwqI09E72vmbf5i+gJPnVhAOAoF/V9AWAUEfViAOAAC8KArV31hTY9cUluggrG0l6ekIJx9N1S9NVkRMAUipVPQoAoiBpSXrUkZDnKK/CGaUVwajXo5hFjdQz5fa5IR3mClteSJiOpqjjtaFsYjx0FMNeOLVMiVosBRyvvCMWZT1utyNdy+m2BZps2F+LvO+oJbTS8xk277ix1LxtdtsiFG8jGHTU2G1GDKgKLw5eVA/Iz4aXnA6rE4jk89RiyUPRQPAFlHFre1774dqbBm1aueB60tCVjQr1SNNy8n1KWm2EBGhZzonm488okOz7YJ98Kcr8qN+POmjFun21pz4FfBWRnxBqM1gM/7jNRsX0ZCq1DW0JYcbRExUsAcDBjB7uHf3O7wgdGs2fqYN0qB+A0VXZYXXFAFBR2YhN06lHlM7G38zr4Jh4iSm9Fp4hk2UlF+rSlJbZnJxzUQYBKNoBCmLVMyl2d5VOI8EEnoDJtRKcRlgqbl2XUOtPvwCt5RGYJzYELuY6sJQvFP9PVLeBys7U1ZZxWAxJ71wPUMHJ2/069i8uOCHaIjXjy7Ieg8uk9XAYBrLn9R0u/ivSVsDBbvnyI1JV1GIy0tFvl+1TeiwQ7K/ahfWnyKiV9hWIAHX3lxBKnBxp7XD8gB/uHHoJDoQz7L+0/gPZ7PHTfN4OCAI+oqVCkW6Pioy6+RsyuQKDnRJTRqkycyUx7dbTRmVjJ9Vpi7kq7qR8wOmWB4JCKcCwS+LTEZ3IMCXn65iGBz5E3uGXDeVImtimsbVMO6Pw8UknmzkeS3bWL+ASC5+lgmHRxYrpty6WRe+/w2Wq3vGVWfyiS2mNQQPj+5do1Dcrpgu1Kc0V+s3n6/REwa0+XzMPI5bww2GEaTZ/ZGpK12XkLlsMo1WeoDPVlLtnTvm/yAdq+MgVbE79IhScvnLVx+CO2MHU4/7QOdqy5ekAhpUVTmgLJMRIW0J1NXRKcU/Wi4X9Uw3sFcgAAA1+FmQAAIJqvEXMK3SafeI78ZiV31uZC2wWnL2j8l1ugLe/3XQZtTEc4WpamBHDltC3QV2COMBdlspqueclqhjg0xELzPtkloB1ne4LYnVR4eaMECLqpsay+2tXJEYcZfGyY5fagB7cLSw9g957T2rOCs096zm54reU1e6UcnW2oKR9oMw0XEymxMuFYayCNAAo856FNACAoDW6IoZou1MZWUYWzBU9wIZqx3JkjVYWH7EFltDQSc6imPjrDOh1+s0nAGF6S1NJWY0F+4qSEn4bzos8WhINsjmCK54pn0opzEjDKLngBQqLlfyMMBIvkw7Ss2BVSGwvkWMpuVLriBV7bXLc6fI09rdrOIZ5WO5N7MTt8ibFUm2xxInARiybV0oBE11BA0mhD0FHef/2HsgPggGKZDkstOxkfBLjyveTtpo+DtVldcQNVPSFDcPvWMwxjINDD8E4VtTn9L6eRq2vUsjHC8CYdJczm8sUWs6LaRUb/lvZ8EB5UUWj64jx5Y0tNDZTu1Moa6XoX0CnOHSVLicLOA/FediJya+MaU9g/iM9oVRW62X0i/j7GqELaLN613JGPG6rwjxS+ulaJXgd+qJNU35qAThFQ5GZ0kLb8KYlIaZTaJIriBafqbxsWwf2rG/YZ+kX8a7l5TIdUKBJjp4tVO1lb6AAteXc5h2itvk5ZA6/6rZPMnmkCbe1OML+bItARAHG6BYuTkRNdZkqvQNLf2B8qkmqzPhzi7LyMVzFk40WpdK0tIKeAFhneBZ6AgCCWhSKujZdn/sRfZq6lJOiM9P2WMgDcX0Qh8HItkcjH04Jaw8KwYXertS1gGNEvjBSLcRvZRhblOdjbrXKBADYGsiKtqFdg230XmdPNUokElag2NWusqrzAdxAB9X829YTvOk8pPyjM7AcNYtTLNHg20nRPcXJi9xlsQk6adrpjdXSsKBdN5a/IDEl0rFjxQ0BsP7kLDcEAAS1NBF1+BWMil46NOFRMScdpLADdpZmAIAyysdZkAEACCK4I6vUacCUUW+ji8kEbyXa6KHqLgAYPeVZSAMACCrgRq42jhxW1qgYjxxgVgC6Ip8A+DgLPQEAQSsIIxswbuD9iJaL381tRJNFVTbzKgUCQJL0s9wQABC0siSyKYvGNrgGjiY7H81ZylAnb9SiMfkgbdujFTlVQwDAyJoK2el+Z6vjiu4BxslqwgCgWJ5dRZ9gtzyXaL+S9C/I3Mr8oEw5uxp4oe7VUkH/SModgm2kescDlu6GEyhSrO8LvpyotcvUUu9iw28A/Xwko7ObzP2vtRfmINf5yv356eSexv2hHzV+zsPwtbv80tef/CAopxIRlWJWT7citcOh8JZqwgBgTZJS9XR1cwDA8JlhdKmEDgCK5bP+Aw==';
