export const _permission = 'signed-in'
