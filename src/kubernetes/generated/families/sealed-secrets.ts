// Made by scripts/kubernetes-types/families.mjs from github.com/bitnami-labs/sealed-secrets@v0.40.0 (Apache-2.0): do not edit.

/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  'Hx4EQJwHdjNHjqqZGS4/jUqRrb2cWoOztZk6eQRD3/WFivqBO1VOcDfXLDpdfe39OZPaCqt6/5VYAwtVBzxgxXbCTfipZbbmBr1qbFEC8J9fqy9rDOl6hgpIQ/030Q9q1vaSRnET75kT8AgTTLGcZSU4hq//Jka0tKK2wjUoESMQUzCw9uPEJKJSOqTNm9KOkAMMzYQ498YNJRkc5qN9wSjrWKDe3wyazX5izPpO5f7Lx+2MNRBwHn2ToTeYeI9iR3gkIuZqXWslECxYp+gHLkwy7X1zPwzwWZ6zQQaek9Gmihs054UcK2wx8WX6Y3lAVctdmSIxWftvMjsEswBJqZnn7Jsl/PpjgbEnCfYVVX8e2oFIxbjXVNJUHhLN/lWDFw==';
