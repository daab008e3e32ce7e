// Made by scripts/kubernetes-types/families.mjs from github.com/bitnami-labs/sealed-secrets@v0.40.0 (Apache-2.0): do not edit.

/** Kinds and their schemas: JSON, Brotli, base64. */
export const KINDS =
  'Hy4EQBwHdiz4nbRYSD5OpcjWnqJzylcfhX88CTXo6MjNotPV14hT76IBpXzm1LGBYnN10daCVbRXrDrd4dBH0GeWdl2SvBYn/TaI3u8h11B01P8m+oI2dfsiOmQNkWu8AnioAaboNTMNOEaufeSMSPmMkRXOVos4XDF5MDC3t7smQ1SEQ9pwKOq5iQ20wwzixJt1oloMCQPVHHD7D5H3RhwOarmnjbp4WuLTy5qDffX18pMrbnfJZeDGNZ7YUGMqlFgIFmLL+yFmqPdZbxgYKmCqH4gwin3f71poF/hMjmNHMeDbW62vuZZYL7RihU+0GWP/cMmAy8an0g7FoO2w5Oow0AgkWXEPxpcl/Pp7KoxvnIFfofR5aBtiXI1rppb61mFMtL9u8AI=';
