import type { ErrorWordings } from '../wording.ts'

/** Loads and their reconciliation. */
export const loadErrorsEs: ErrorWordings = {
  CAUDAL_LOAD_AMBIGUOUS: {
    message:
      '{origin}, columna `{column}`: «{value}» tiene dos lecturas y ningún valor de la columna decide. No se cargó nada; los bytes se guardan en el lago.',
    hint: "Di en el flujo cómo está escrito: text: { decimalSeparator: '.' }, o { decimalSeparator: ',', thousandsSeparator: '.' }.",
  },
  CAUDAL_LOAD_BAD_SHARE: {
    message:
      '{table}: {bad} filas están mal frente a {good} buenas, más de lo que se permite. No se cargó nada; el archivo se guarda en el lago.',
    hint: 'Corrige los tipos declarados o el formato de texto del flujo, o sube badShareMax, y ejecuta otra vez.',
  },
  CAUDAL_LOAD_GENERATION: {
    message:
      '{table}: la carga se preparó para la generación {prepared} y la tabla va por la {stored}. No se escribió nada; los archivos preparados se guardan.',
    hint: 'Caudal prepara la carga otra vez por sí solo.',
  },
  CAUDAL_LOAD_HEADER: {
    message:
      '{origin}: la cabecera nombra `{column}` dos veces. No se cargó nada; los bytes se guardan en el lago.',
    hint: 'Da otro nombre a una de las columnas en el archivo y ejecuta otra vez.',
  },
  CAUDAL_LOAD_HISTORY_SWEEP: {
    message:
      '{schema}.{table}: hay registros que ya no están, y un historial cuyo orden no es una hora no puede decir desde cuándo. No se cargó nada.',
    hint: "Quita `order` del flujo, para que cuente la hora de la carga, o conserva lo que ya no está: deletes: 'none'.",
  },
  CAUDAL_LOAD_ID_TAKEN: {
    message:
      'La carga {load} de {source} tiene el identificador de otra que ya surtió efecto. No se escribió nada.',
    hint: 'Dos proyectos cargan en un mismo almacén: dale a cada destino el suyo. La próxima ejecución lee el tramo otra vez.',
  },
  CAUDAL_LOAD_LINE_TOO_LONG: {
    message:
      '{origin}, línea {line}: la fila supera {bytesMax} bytes. No se cargó nada; los bytes se guardan en el lago.',
    hint: 'Una comilla que no se cierra produce una fila así, y también un archivo que no es texto delimitado: mira la línea y el formato `text` del flujo.',
  },
  CAUDAL_LOAD_POSITION_MOVED: {
    message:
      '{source}.{stream}: la carga parte de la versión {expected} de la posición y el almacén va por la {stored}: otra carga o un reinicio llegó antes. No se escribió nada.',
    hint: 'La carga se da por abandonada y la próxima ejecución lee su tramo otra vez.',
  },
  CAUDAL_LOAD_REFUSED: {
    message:
      'El almacén rechaza una instrucción de la carga, y la rechazaría otra vez. No se escribió nada; la carga se da por abandonada y sus archivos se guardan en el lago.',
    hint: 'Corrige la declaración de {streams} (disposición, clave, orden o columnas) y ejecuta otra vez: el mismo tramo se lee de nuevo. Si es correcta, es un fallo de Caudal.',
  },
  CAUDAL_LOAD_SCHEMA_FROZEN: {
    message:
      'El flujo `{stream}` trajo algo nuevo y su contrato de esquema es `freeze`[: {fields}][: {what}]. Se escribieron 0 filas; lo recibido se guarda en el lago.',
    hint: "Pon el contrato del flujo en 'evolve' o 'discard', o declara la columna, y ejecuta otra vez.",
  },
  CAUDAL_LOAD_SWEEP_WITHHELD: {
    message:
      '{table}: la lectura completa apartó registros cuya clave no se puede saber y no traía {rows} filas de la tabla: podrían ser esas, así que se quedan todas. Las filas que llegaron están cargadas.',
    hint: 'Corrige los registros en la fuente (o los tipos declarados) y lee otra vez: la próxima lectura completa quita lo que ya no está.',
  },
  CAUDAL_LOAD_UNREADABLE: {
    message:
      '{origin}[, línea {line}]: no se puede leer el archivo. No se cargó nada; los bytes se guardan en el lago.',
    hint: 'Comprueba el formato, el separador y la codificación que declara el flujo, o arregla el archivo, y ejecuta otra vez.',
  },
  CAUDAL_NAME_COLLISION: {
    message: '{where}: los campos {fields} dan la misma columna `{column}`. No se cargó nada.',
    hint: 'Declara una columna para uno de ellos: columns: { {column}_2: { field: … } }.',
  },
  CAUDAL_RECONCILIATION: {
    message:
      '{table}: la fuente cuenta {source} registros vivos y el almacén tiene {warehouse}, también al contar otra vez. Las filas que llegaron están cargadas; faltan o sobran algunas.',
    hint: 'Léelo todo otra vez: caudal run --select {table} --full.',
  },
  CAUDAL_RECONCILIATION_IMBALANCE: {
    message:
      '{table}: llegaron {expected} registros y solo se da cuenta de {found}. Lo cargado se queda; los archivos originales están en el lago.',
    hint: 'Es un defecto de Caudal o de un adaptador: comunícalo. Léelo todo otra vez: caudal run --select {table} --full.',
  },
  CAUDAL_REPLAY_SOURCE_GONE: {
    message: 'La carga {load} ya no tiene el archivo {origin}. No se repitió nada.',
    hint: 'Lee el flujo otra vez desde su fuente: caudal run --full.',
  },
}
