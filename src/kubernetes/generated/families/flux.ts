// Made by scripts/kubernetes-types/families.mjs from @kubernetes-models/flux-cd@4.0.0 (MIT): do not edit.
//   MIT License
//
//   Copyright (c) 2018 Tommy Chen
//
//   Permission is hereby granted, free of charge, to any person obtaining a copy
//   of this software and associated documentation files (the "Software"), to deal
//   in the Software without restriction, including without limitation the rights
//   to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
//   copies of the Software, and to permit persons to whom the Software is
//   furnished to do so, subject to the following conditions:
//
//   The above copyright notice and this permission notice shall be included in all
//   copies or substantial portions of the Software.
//
//   THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
//   IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
//   FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
//   AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
//   LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
//   OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
//   SOFTWARE.

/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  'H1CdABwHzrkr7m4QuFKPtcge3VbfZvZWvfqfUhmj7aLRwjuWWUBYEpeaRaerrx+t8foThWSjbISKilExKrNv5wLEKnFEt/dmdwPABSBZHVv3ha5RaN1RCWRkhSVhVFWX4crJm6/FCjGSILfBZUaphy5SluyHqzK2IR5mOXpBqXMZfSqVXoZyoaJow64namodpdFc9rsi0dwD27I+fQdsyb9K5ZQjG7nnGhm63HfpobW20Wk5fnJbhfNVlAOg2oc+g3WE7Bz4klOaGvkstcYZLKuLgMuS6xUr7+x7127Z0pH7ZFfKq80v++Gn1sKMUrc+5ZLnIZNIATe6U9zkyYWLO+8KucBZTt6noY26fNwEtWFX4SV4B5rEAJoP5g9W0KE5A2S/YRfLLrojnrMfe8d3IyzwkggW8YwWNcA2tK0il5TBlcknd6a12GnWle6wnOarBx0dkjsQaVJHSiSDilgWhECsJ4DXVvGzRFA4qQ1+vfxCq0NqIVnogkpE5geYDqAlKnMgB8sYn9kB7pbv+9c7B4AL7wur7pV/pbfqecUB6kDgf5I/SVzF8jarvxvKkMtIXpXu7oPBcfe47QruFFXnxrsd/gAX2EhxQYGt1yMMPiV5AGc3ty5koyuLJumEgnSsF81NEs4I3XE0wY7yqLz4dhKBLT6XFYhaToAUYKlonCdsD5YxQRscdtAlrYUHYtaCAyHvHVHXgd++R8K495012h2kukLIMvBsHfP56l9EFgslDuDrb39evd0dnNhjYE7QFHfinl4MRrA/if99XKB1T6Iu8Ia35QoR1oxwO//BfBbOmIQ244ODm+5udc1JQZg2QJDvYRuSg5wujvluYIAl4Luy5H7/56Hs2kcxUkXlVov+XOWq7/YgYtlm191BzqTmaTAdn5GNVL4vcoUMxzy74ClvmKSV4Y8795R9cpds7DLTHRfsypsvV147Gytvu5kMDC+iU4yJaA2gI/1ETCB7t1BjR59kGeZS8x6n0TG1xn9fxpxgzh7uFpuv80/LP07M2ilhzJeBUOSlMzLdmQszTyy2jbx+wQYUohUS7QUjBALrK0Ynbtk4ZX4m5RQ0JoYCtp6UR6AiEpNWr+nxajNb7XpF1dl/wU6xwD4tvuJIRCJ3chgWQeNlSBlaKzPWFjteP2NMIh895jAK+cIoW6RsInuMZ8doMiMWJD0+S/tR6ZykoYL7l6b5dwC5GAdeUbTPrB7IjyOi/FR2lbuClo+uoU2P8Vyq7lgCs50eaRcGSsH2krcD6TcWgqLpaVcRqKF1TNxnRVQZRWwkutVKMaxnsIu4F8YTqr7UDGRmLTICmieAUj+4d+z0Zpzgi51I9dw11phq94f/hrEmZXNyEezfQuvTCc4nZpl+wtBCqrw5dpj+1vhSA+tFT22faBcrQgdV99s1+d/q1o8XtgiZ2e05Xd4cn9okrGHE48/Ssw6EU6d8XYH7Hxw0TiIatpJT4uzIO/Bn3/vgaTuoYdWtl06ZxFdfdwQ3rZFkcFdM7PdGfEIT3Bt6AZNPNzLn9NkGlE5s6eh7bAMWN+XmqPG/VTayovqS+tKBF3lGWXxPUQCg7P92zLiNb+mYHupvcpBHN+6XzRLlJrbCzpOmQxyduSr+tZljEnjfzW95a0OWdoEBdGGzUEP2vK6+xPf0tJ5YDJBL1OCGspIhydNP58YvwU8dFs2TtJ1KKlLWV6+rOjJOc4HpyUipgknVSIjLibrXf7HZAhFhgaZmdAeptczgHRjqGvr0XJVbqk0EjVR+2L01KlOmsKBNUGvT5E/FyeiizoN5nR652gV/xpx+O5cT2iXmkMIwqXmRnm9VyRnz28qocfKnYHTqQG0eI+FmzL3AHzMKpuxN0YLySRX/jFD/O3/mam61w/tO2kc2H6IKELIMMsa0wonneeXjW/3NVR54Im+M4P1QECmM+Sfp/AG3u2qr7WSm8RpYLpvH63w5xWqKD+GIk/6bgFhIRKfHv1/dnzLvuP4Fdnbq15/Ae1UvY94INRXcol2NO6TsJ9xSGVeScfaMyp6wTgl7xJTp5zNPXgptFX+5385pYKcruWlCd1oHWPCDPLiVSnJ55iENWhq/eojuJYQkR8Jh5FXGieb9SjJXeIfGsxGLGhRZxQXXpuFq2/s3bAbOGy19nv51ihVmJQdLgF8Ww49yZ0uPv7SvFYtywO5lqosPWQeAJOpNV168y7mcT/ws83UUhuozsCdcHaWZAyjsbBjcyrBQgn0ixwpPgNfqDjXLg9G+HtR97bsHfTvD7dm4Y59AzkM5TRP4aRqZ/83j0z6VPAZL4TLFqb8xAKeqrnShnmhR9ShW802k7oidfxxyEW4wgD1YkHVOZMIyrWz91oXvi1JBt30J6xOHK3CSpWCdepwchXc3jjD1+enNOKFLevob4XAdRJf7rAUZq7tihgJKfmkgKcnCJ/c90X9tP5grH9qdfR7Ty4TCw6ZFEyhtn1mnxtorSligoQf3f/COSEGJhu0wgoMSISJTVFejjABBPSFmJ9EV5ac+nYp69HhkoeVowQw8bb4U8i0oEaOV6El8f8lt2zR8msdHoz9aR2jx/6W9A6GaWW6U0TsGqjKY08fu66SXXF726hBfu96Q38UHSSXd4M8QQsNCdyxZZNFn3GxMMTO16DdFmGzDdn6haPTo1/lnvzJ0kHS72uGzZta2n34TSeSl3uNg/eaVkAodT9qU4Wh5xplRI8YgrXBYiJgtiEaimoOrESo6hQyqCAzEPTpiLd2IDVh9tjCzExtM2BKG5roL79ACiX6ujoKkXInCuhCVXfOWkG4JLYPgAvXKjROUSMorbly4W2O2pc/C2njuw6At0fJ60/bHNdXMdlpExD8uASOkA8nzpCiKA9v6mOxvozB2HT3Yf4hx+I6I7Bwl4fHP17NfcE7GTTyUUTbZkL0zDg9tPMnBzzv7KGWHb34Xcq1NjHCQXxeq4GUrNOE8p2H/79HYjdiPkjshjkLZGImSLw==';
