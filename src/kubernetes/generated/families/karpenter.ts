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
  'HzskACwK7IbjK8WneTOJyNSh5xLU3FK/xiz/OqimQIpwLTVff66ElUCW0n/KpfafkDNYrGNUqa64XXK05rQOS1fffGuSu2/tFRQ8H+HiVIyNErdDP0BsEW92NsBQkK2sqiQQzhMuQ9WH8y58PQuZOG238oFdX9vJUc//iyMfXl7oZTUYiX9S/tehI4aYMTo5EtQzfxPc7klAyzlAHFYhVwUIyiF92b4iubzqKREZfMUqDPtGaTRowKc8nDIltLWRM1BoB7ZNGGRz4hEI/ilXeINdcYRMeBYjrUV+Vmj4fPqxJTpbnsu7yV+NxpaB5aQPZE2FyBOHmtKm5LY5FaJ41p1BDcmnNgeI9bIvffj78900pGaO0/AZXW+pwXdtXtH20+tbwjjyIW7QzRjQcz0HvjhezTw0scWVgSgmVKDhzGxXEGLbLsyiho8d8Ru3gAVK5JzoP6DEoczg5c5CkA1Ep1tqlUuwojvLeDybAp6hQzPqTvo2AJUDd8DFJEDk3fBNeOtWnQGBsl9WsDDRRmwLZWmkFxp2L+S8XsAlDaHfWzJwhlkkbNsH6Yy0G1f43eo7hcMrtQzInUPSO8X+vAo+7+6rwPb8Hio4bhI+FdMKk433aUo7gDyN6zwSbgmeCShbe09JKGR9RXQ361Wb5TfzJgoxhZMPF7iCyMg5JfwhZ5y9GPWvH/BEwBnyeMirSrq1NZKfwdVIG/6sKPMug/o7PFIpZNvSFcTObB54kUs8L/uHeIuH24BLnWhdeFxhYvrcnBISIEuLlgK7MpyjPqfJp5nEd+ExrbTPTTBA2QWgn3N5Hx4UfH2WjxOA2qhc3n6ngeyPpwC8ST1xswKY9VBvUVXxin/QF4p4pEeEZdKd5NmHJwIW40rVLfjUllN2qULBkdZhkRsrJt9yM+FAGf80XIjmr9Q8S4qkIumq74a4J+f/1N61d+TBayi1aVhkQIae/zLegMKKI+KTQ9gQ3Fej6n4GZOQR1A32m3V++38eCKYD3aR7z3kf+qS0vlkf63j1ohmSttaOfJrHHz9dlte+698WLGEzPqOR4aug1UpP/NtuTlrOsIX4qLheCFUgPN4KahrmpGUPyiICtGr0DV6U8/ZSXakQKhOi+NlhxXPzIOXS7mrXlO+i6z52r2VHn7m32zxu91kyehXfDCr69xdVm0yAukMEdvTwvVd+f20ENrx+1b/LNQFfS7NDH6W9i0Y0G+FkUw5m+i4VnUyvJZMI00G7NAEkn4LdJXV6TFp6qA0Yi/s826tSu0fx1QB3e7CyqQqbu0hjtmLrpkiXBF+1ystb8lQnu20y4eTa1tvg62Lx8kajU6J7oauVrs5j2Imx39viild02UT7eEonC31hWmxVkBYptCUldUC5VrbzvLToomw8wfrJ0eKAEP7hKoCatBLf4179dPzmyneslQxmLskPKZDeVkChFl7PLOhMPN/0h8M4v2vBEgq9Zs/3G9AqP4s2bVmWY+xEXhmhscVLofD2gtTGWbblBsfPy96lhYMq7iiXMq78mGob/gmKjXPG/d/ALvzsbUQX/KI67zAB';
