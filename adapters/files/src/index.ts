export { folder, openLake, type FolderOptions } from './lake/folder.ts'
export { files } from './source/files.ts'
export { type FilesOptions, type FileStreamOptions } from './source/options.ts'
export { type FileKind } from './find/kind.ts'
