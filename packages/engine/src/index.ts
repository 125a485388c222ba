export type { OwnerService, RunRequest, RunService, TileCell, TileService } from './owner/service.ts'
