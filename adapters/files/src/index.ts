export { folder, openLake, type FolderOptions } from './lake/folder.ts'
