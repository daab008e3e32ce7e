// Made by scripts/kubernetes-types/families.mjs from sigs.k8s.io/karpenter@v1.15.0 (Apache-2.0): do not edit.
//   When donating the karpenter-core project to the CNCF, not all contributors were reached
//   to sign the CNCF CLA prior to donation. As such, according to the CNCF rules to donate a repository,
//   we must add a NOTICE referencing section 7 of the CLA with a list of developers who could not be reached.
//
//   `7. Should You wish to submit work that is not Your original creation, You may
//   submit it to the Foundation separately from any Contribution, identifying the
//   complete details of its source and of any license or other restriction
//   (including, but not limited to, related patents, trademarks, and license
//   agreements) of which you are personally aware, and conspicuously marking the
//   work as "Submitted on behalf of a third-party: [named here]".`
//
//   Submitted on behalf of a third-party: @sergkondr
//   Submitted on behalf of a third-party: @abeer-stripe
//   Submitted on behalf of a third-party: @shikai93
//   Submitted on behalf of a third-party: @lucass4
//   Submitted on behalf of a third-party: @wkaczynski
//   Submitted on behalf of a third-party: @spring1843
//   Submitted on behalf of a third-party: @splichy

/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  'H9A6AJwFdtPHR+rh0bJsllEspT5TcSqi2bca9bO3IDB796DCJX/+Zn39wjtJctvQcOIr5qyk5PXIQGSEW6MEtiNdL2mrWyYjXID4fWtlAIXJizBx6pSIsTu/q2sW5vYAQIWhu7pv9oDAhUgYRB1pYtUBGXGPYe0q1/dtOkUEVETvquSPXX9Yy07bf8Uzb3/GQruxMZK+pfw/wgDdgO/6IDvowJmZeLdEIGwFDgWnQEgpDy5ynF/8vyS5dLlLRIZ7A2C81EmvUYMjJeklUiq2ZkhUhG5PNbcE2TEDEP4PrBA91slRYWLPIK1ujgC63r4cTqHraHUtH2wyGHVGpbzvL91LpT7mCEJvRf7LvFRa7J3PEBCPVHkg1Ld29zfPjtbtxeLO9qa9e4Oi3OL6XVz/AoTlfOSZt/0Eg8WEkWubuAsczHRHEyPMiCJDqCDjmtlWgO7wqZ13ynxshhOcIhaUqGOiBaiWhS6Jr2OJCbIWuj6vJwMuZMXgg+3xHBRQTkKgtEOQBg0T+Wc5vWYg9dfoO13LmF9wBDhJf8rEqvjc/9EfE/1OhFH0vSLexCIWqYJnN4EpFW1rGRC8TLM9zcr33kzHLGIaIa02c0H/CVGJjknxBANWA61keGknf8pIVzIVYlT1WOjP0Qo+lMASNp8ROBiCqjRJ0JJWs+tREoCv02mR6et1g0g0P3olG+qxo2bh38Ewn1kiOXnAxmm+l6/5XLhGXLQTv4nFB1HkLDc8tbQy+OVlq2MztrxV9qy20EV9rGo5S97qNQ/F53VBzuorrVGGqrizpCRLtdvjYIaGwUdD2jQTZJ483vKjEQ33EJZGjpE/VTUnpfng3X1pWQLx8AjFaygfVMvAIC+03s/k84QQTYjJ+JNUUcT1erqsNIi7WO5EyiaE94XCaQg1PwCuauA4yq+mxRexeEI+T/Pq7/Vr863kr/RTJ7d8L5sdLkZ48A9UhOypqEToU7fL/Cbhwv3iQ1HBmv65IhzVUyMNS9eK0YsrELJGj0LCeHBON7dbdlyRpTlAy1UwijDgC7T4qyu4E62Z/Bl//m1zNb8XHvifHjpnBVoVL3VqKFAkfcUcVFSQXVWtos2KgvbPBEjG92wi3Fqj7YqWutCpOk7VFtbNeSb3NfBcjDboWxq2LdCBS7/T0pvBhmkGgYc6Frj05i/R3l4GNyJXUdhRO9siVDmcRaTD/NbFQlyDEZ5Uh0N0aPVneaAHJ2d03SYAz5hokbmPwI228zKvWYlEYyJ46/aFsVLoPNm2xF2Ju8Iy1eoi9XykkF1Hn0fPRRSl8/MvqUUPKh/8z2NUb7lMuOvd0xTsBsmEpngz9aIze79VbSbc4DPNXkIgqa/HWlxNggS8B9Dd0A2pgRcln7z3AI37hBdFAreY0bwfm0+VzRaAFvpDa/m4C/MCWKFCKiBsaL+XpOxmPEA1RamEenppgaaIeGaIQVkMuEFpUosr8A2BGIGhiJEjMxhnjSQI6xZc9Yju827w+nfOHp/SBDxG78+kroxJR2HJ2fIDN3tqf+ZIMWQfLjtwi187BSuEldjfWU+qdmCsRhucbOVsUJF6JbiHhiXNg4cVBty6kR+xquASpaJwVBQxV0V7/JSoqBWD0Src9KZilBY9l/hJ7Ct2kN7tDqLU+RgYU5Kg/kOrt0Ub0ytRJXdsvtp1ahLnWtQa6IXl5afI+XX4Q+nP1wX9Afd5Nlw1efxUWqKtPxtdcAfNq5ldk9Pnzmbzrn3fJqbhDOy9B32DBoPs+LAFPK7xTkViWjE19CDxa43qFQn4fQQWuJVPLV5WAxDgSodm6Gtzuf3LJJVeP1VaLEankJnyXpY7/qHqXvhz4msSb0o7cXdyiYhhlh6gU9qE1kdstukVFvbApRdEFMPX+q7s2Lg4sDGNg9v6RBiT+L+I7cdV0WAMbwBMacRRqJKM3FDfZiet2rerwZ7JCBrCqSEy67h97pocncKqMrZj5fN6+XqJ0jH0vvQc/mTp4a0eqVF9KHm5AcPtwKuawTDEI9Hz89jv4SImFlolCo/dxzhbykoML6qVU4tVfO3IQFl1WX140MYldl5YnaMWk9FmUBBN+euDPi1rQU/r0CCUNgN0KHRstXJ/lSuNWCxabSRmuXRJTIaqu5fBSCX4VVuTRYOlT/OgpPYo0cqkJT1YFCU2IPvV0WIOqtNDP6Dj2JeoQt+t5bIEMySj9eC6VtUy0fVMpLJWp3IkkJz6MJ+r2u0hmSB1yjMTDGSJvmkWgHC1jNlOERNED3joOsosgsTiSEyE4f6wh4FO9VWgzVaBpeoZiawQtU7taVBQTUzvG0BboRitZ9jCzPHM8trhaxi9+eJbRKkLVBq69I5ndY3f2bLRTA5tEAnI1T5+HLYtcz6Q3I/Pz+7NK51YsjKqfD6W1TNubafqG03EDCE21c1gYmF+W4WdKaL3VD1zIFZA80HNGe5oAan3K8LwKx/bw4NkZjwxy2B/0bt9hrXQdjJWLzEMAPgMqsT4yMqgnHWJotXhFGPyMg9E6CWYaOGEAjpbqSViYuMtetqj6V3S2ydrellJZvShYbXkmKrEWlXuFrGn2OTGlOqI/JVoSsvaQJxeJbbAAcwZMdPuRT5Hali6nuCDus9+BZwZcY7sHTYEsgSuY9YMI2YlIqWv4Af+c5gHw1HUq3zsChs=';
