import type { ErrorWordings } from '../wording.ts'

/** The lake and the warehouse. */
export const storeErrorsEs: ErrorWordings = {
  CAUDAL_LAKE_DOUBLE_LOAD: {
    message: 'El lago ya tiene una carga con este identificador ({key}). No se cambió nada.',
    hint: 'Dos proyectos comparten un lago, o el reloj se atrasó mucho: dale a cada destino su lago.',
  },
  CAUDAL_LAKE_FAILED: {
    message: 'El sistema de archivos se negó a leer o escribir en el lago {root}[: {reason}].',
    hint: 'Mira el motivo; `caudal doctor` comprueba la carpeta.',
  },
  CAUDAL_LAKE_FULL: {
    message: 'El disco del lago {root} está lleno, o la cuota agotada.',
    hint: 'Libera espacio en ese disco (`caudal status` muestra lo que se usa) o pon otro `path` al lago. Luego ejecuta otra vez.',
  },
  CAUDAL_LAKE_INPUT: {
    message: 'No se pudo leer {path}. No se guardó nada en el lago.',
    hint: 'Comprueba que el archivo siga ahí y que el usuario que ejecuta Caudal pueda leerlo.',
  },
  CAUDAL_LAKE_KEY: {
    message: '`{key}` no es un nombre válido del lago. No se leyó ni escribió nada.',
    hint: 'Usa partes separadas por `/`, sin `..`, sin `/` al principio, barra invertida ni carácter de control, y no bajo `.tmp`.',
  },
  CAUDAL_LAKE_NEWER: {
    message: 'Un Caudal más nuevo preparó {key}. No se aplicó nada.',
    hint: 'Actualiza: npm install caudal@latest.',
  },
  CAUDAL_LAKE_NOT_A_FOLDER: {
    message: 'Una parte de la ruta del lago {root} es un archivo.',
    hint: 'Pon en `path` del lago una carpeta, o mueve ese archivo.',
  },
  CAUDAL_LAKE_NOT_FOUND: {
    message: 'El lago {root} no tiene el objeto {key}.',
    hint: 'Si alguien quitó a mano un archivo preparado, repónlo de una copia: las tablas se reconstruyen desde el lago.',
  },
  CAUDAL_LAKE_OPTIONS: {
    message: 'El lago no tiene carpeta. No se abrió nada.',
    hint: "Escribe lake: folder({ path: 'data/lake' }) en el destino.",
  },
  CAUDAL_LAKE_PERMISSION: {
    message: 'El usuario que ejecuta Caudal no puede leer o escribir en el lago {root}.',
    hint: 'Da al usuario que ejecuta Caudal permiso de lectura y escritura en la carpeta, o pon otro `path` al lago.',
  },
  CAUDAL_LAKE_READ_ONLY: {
    message: 'El disco del lago {root} es de solo lectura.',
    hint: 'Móntalo con escritura, o pon otro `path` al lago.',
  },
  CAUDAL_LAKE_UNSUPPORTED: {
    message:
      'El disco del lago {root} no tiene enlaces duros, con los que un objeto aparece entero o no aparece.',
    hint: 'Pon en `path` del lago una carpeta de un disco local (ext4, xfs, btrfs, apfs, ntfs).',
  },
  CAUDAL_WAREHOUSE_BUILD_DIED: {
    message:
      'El proceso que construye el modelo terminó antes de tiempo. No se publicó nada; lo que ven los lectores no cambia.',
    hint: 'Puede que el sistema lo terminara por su memoria: baja el límite, duckdb({ path, memoryLimit }), y ejecuta otra vez.',
  },
  CAUDAL_WAREHOUSE_CLOSED: {
    message:
      'El almacén no pudo escribir su archivo y no acepta nada hasta que se abra otra vez. Lo confirmado está a salvo; lo preparado se guarda en el lago.',
    hint: 'Libera espacio si el disco está lleno y arranca Caudal otra vez: las cargas preparadas se confirman primero.',
  },
  CAUDAL_WAREHOUSE_DISK_FULL: {
    message: 'El disco del almacén está lleno. No se escribió nada; lo preparado se guarda.',
    hint: 'Libera espacio y ejecuta otra vez: la carga preparada se confirma primero.',
  },
  CAUDAL_WAREHOUSE_FAILED: {
    message:
      'El almacén no pudo ejecutar una instrucción. No se escribió nada[; la carga de {streams} espera].',
    hint: 'Mira la instrucción en el registro (--log-level debug) y ejecuta otra vez.[ Para renunciar a la carga: caudal reset {streams}.]',
  },
  CAUDAL_WAREHOUSE_MEMORY: {
    message: 'El almacén se quedó sin memoria. No se escribió nada.',
    hint: "Sube el límite: duckdb({ path, memoryLimit: '4GB' }).",
  },
  CAUDAL_QUERY_FAILED: {
    message: 'El almacén rechazó una consulta.',
    hint: 'Corrige la consulta; el texto original dice qué rechaza.',
  },
  CAUDAL_QUERY_NOT_READ_ONLY: {
    message: 'Se rechazó la instrucción: una consulta es un solo SELECT. No se cambió nada.',
    hint: 'Los cambios pasan por fuentes y modelos: mira `caudal plan`.',
  },
}
