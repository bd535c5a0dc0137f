export const _permission = 'public'
export const csr = false
