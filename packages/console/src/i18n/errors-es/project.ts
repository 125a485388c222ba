import type { ErrorWordings } from '../wording.ts'

/** What is wrong with the files of a project, its sources, secrets and schedules. */
export const projectErrorsEs: ErrorWordings = {
  CAUDAL_PROJECT_PROBLEMS: {
    message: 'El proyecto tiene errores.',
    hint: 'Corrígelos y ejecuta otra vez: `caudal verify` muestra cada uno con su arreglo.',
  },
  CAUDAL_PROJECT_CONFIG: {
    message: 'caudal.config.ts no exporta un proyecto por defecto.',
    hint: 'Escribe: export default defineProject({ name, targets }).',
  },
  CAUDAL_PROJECT_MODULE: {
    message: 'No se puede importar el módulo {file}.',
    hint: 'Corrige el archivo; `npx tsc --noEmit` muestra los errores de tipos.',
  },
  CAUDAL_PROJECT_SETTING: {
    message: 'La configuración del proyecto tiene un ajuste incorrecto en {place}.',
    hint: 'Corrige caudal.config.ts; el editor muestra los ajustes que hay.',
  },
  CAUDAL_SETTING_UNKNOWN: {
    message: 'Hay ajustes incorrectos: {problems}',
    hint: 'Corrige o quita lo que se nombra; el editor muestra los ajustes que hay.',
  },
  CAUDAL_ADAPTER_KIND: {
    message: '{module} no es un adaptador de la clase que se pide.',
    hint: 'Nombra uno de esa clase en el destino de caudal.config.ts.',
  },
  CAUDAL_ADAPTER_MISSING: {
    message: 'El destino nombra el adaptador {module}, que no está instalado.',
    hint: 'npm install {module}',
  },
  CAUDAL_TARGET_SHARED: {
    message: 'Los destinos {targets} comparten almacén o lago: lo que se prueba en uno cambiaría el otro.',
    hint: 'Dale a cada uno el suyo.',
  },
  CAUDAL_TARGET_UNKNOWN: {
    message: 'No hay ningún destino `{target}` en caudal.config.ts.',
    hint: 'Nombra uno de los que hay: --target dev.',
  },
  CAUDAL_SOURCE_UNKNOWN: {
    message: 'No hay ninguna fuente `{source}`.',
    hint: 'Exporta una fuente desde un archivo de sources/.',
  },
  CAUDAL_SOURCE_COLLISION: {
    message: '{file}: dos fuentes llenan el mismo esquema `{source}`.',
    hint: 'Cambia el nombre de una exportación: es el nombre de la fuente y de su esquema.',
  },
  CAUDAL_SOURCE_COMPLETE: {
    message:
      '{source}.{stream}: la fuente dio por completa una lectura que empezó en una posición, así que lo que no entregó no se distingue de lo borrado. No se borró nada.',
    hint: 'Da `complete` sin posición, o solo en lecturas que empezaron sin ella; `caudal run --full` lo lee todo otra vez.',
  },
  CAUDAL_SOURCE_INCOMPLETE: {
    message:
      '{source}.{stream}: la fuente terminó sin decir que su lectura completa está completa. La tabla conserva sus filas; lo preparado no se ve.',
    hint: 'Da { rows: [], complete: true } al final de una lectura completa.',
  },
  CAUDAL_SOURCE_READ: {
    message:
      '{source}.{stream}: `read` falló. Lo que entregó hasta su última posición se queda; la próxima lectura sigue desde ahí.',
    hint: 'Corrige el código de la fuente o lo que lee.[ Mira {place}.]',
  },
  CAUDAL_SOURCE_STREAM: {
    message:
      '{source}: la fuente entregó un lote del flujo `{stream}`, que no se pidió. No se guardó nada de ese lote.',
    hint: 'Corrige la fuente: un lote nombra el flujo al que pertenece.',
  },
  CAUDAL_SOURCE_YIELD: {
    message:
      '{source}.{stream}: `read` entregó algo que no es una lista de filas ni { rows, position }. Lo que entregó antes está preparado; de esto, nada.',
    hint: 'Entrega listas: yield [row], o yield { rows: [row], position }.',
  },
  CAUDAL_STREAM_HISTORY_ORDER: {
    message:
      '{source}.{stream}: su historial se ordena por `{column}`, que no es una hora, y así no podría decir desde cuándo falta un registro. No se cargó nada.',
    hint: "Quita `order` del flujo, para que cuente la hora de la carga, ordena por una hora, o conserva lo que ya no está: deletes: 'none'.",
  },
  CAUDAL_STREAM_KEY_MISSING: {
    message: '{source}.{stream} distingue sus registros por clave y no tiene `primaryKey`. No se cargó nada.',
    hint: "Di qué distingue sus registros: primaryKey: ['id'].",
  },
  CAUDAL_STREAM_KEY_UNKNOWN: {
    message: '{source}.{stream}: `{column}` no es ninguna de sus columnas. No se cargó nada.',
    hint: 'Corrige `primaryKey` u `order`, o declara la columna.',
  },
  CAUDAL_STREAM_UNKNOWN: {
    message: 'No hay ningún flujo `{stream}`[ en {source}]. No se leyó nada.',
    hint: 'Nombra uno de los flujos, o ejecuta `caudal typegen` si la fuente tiene nuevos.',
  },
  CAUDAL_SCHEDULE_INVALID: {
    message: 'No se entiende el horario `{schedule}`.',
    hint: "Escribe 'every 15 minutes', 'every day at 06:30' o una expresión cron como '0 6 * * MON-FRI', con timeZone: 'Europe/Madrid'.",
  },
  CAUDAL_SCHEMA_DRIFT: {
    message: 'La tabla {table} ya no es como se registró[: faltan {gone}].',
    hint: 'Si el cambio se quería: `caudal typegen` y corrige lo que nombre `caudal verify`. Si no, corrige la fuente.',
  },
  CAUDAL_SCHEMA_FILE: {
    message: 'No se puede leer {file}: no se sabe nada de los flujos de su fuente.',
    hint: 'Escríbelo otra vez: `caudal typegen`.',
  },
  CAUDAL_SCHEMA_STALE: {
    message: '{file} no está al día.',
    hint: 'Registra otra vez los esquemas y guárdalos en Git: `caudal typegen`.',
  },
  CAUDAL_TYPES_STALE: {
    message:
      '[{file}: ]los tipos del proyecto faltan o no corresponden a los esquemas y modelos registrados.',
    hint: 'Escríbelos otra vez y guárdalos en Git: `caudal typegen`.',
  },
  CAUDAL_SECRET_DAMAGED: {
    message:
      'El secreto guardado `{secret}` de la fuente `{source}` no es el que Caudal escribió: alguien lo cambió o lo movió. No se usa.',
    hint: 'Repón una copia de la base de control, o dale a la fuente un token nuevo.',
  },
  CAUDAL_SECRET_KEY_INVALID: {
    message:
      'CAUDAL_SECRET_KEY tiene {bytes} bytes; deben ser 32, en base64 o hexadecimal. No se leyó ni escribió nada.',
    hint: "Pon en CAUDAL_SECRET_KEY 32 bytes aleatorios en base64 y guárdala: node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\".",
  },
  CAUDAL_SECRET_KEY_MISSING: {
    message:
      'El secreto `{secret}` de la fuente `{source}` se guarda cifrado y CAUDAL_SECRET_KEY no está definida. No se leyó ni escribió nada.',
    hint: "Pon en CAUDAL_SECRET_KEY 32 bytes aleatorios en base64 y guárdala: node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\".",
  },
  CAUDAL_SECRET_KEY_WRONG: {
    message:
      'El secreto `{secret}` de la fuente `{source}` se cifró con la clave {writtenUnder}; CAUDAL_SECRET_KEY tiene ahora la clave {keyId}. El secreto guardado no cambió.',
    hint: 'Pon en CAUDAL_SECRET_KEY la clave {writtenUnder}; si se perdió, dale a la fuente un token nuevo.',
  },
  CAUDAL_SECRET_MISSING: {
    message: '[{usedBy}: ]falta un secreto. No se leyó nada.',
    hint: 'Defínelo en el entorno o en el archivo .env del proyecto y reinicia el proceso dueño del almacén.',
  },
  CAUDAL_SECRET_UNSET: {
    message: 'Faltan secretos en el entorno[: {missing}]. No se leyó nada.',
    hint: 'Defínelos en el entorno o en el archivo .env del proyecto y reinicia el proceso dueño del almacén: los secretos son suyos.',
  },
  CAUDAL_TABLE_MISSING: {
    message: '{table}: el almacén no tiene esa tabla y el proyecto la lee.',
    hint: "Ejecuta la herramienta que la carga, o corrige el nombre en table('{table}', …).",
  },
}
