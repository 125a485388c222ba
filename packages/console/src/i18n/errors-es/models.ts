import type { ErrorWordings } from '../wording.ts'

/** Models, checks, metrics and tiles. */
export const modelErrorsEs: ErrorWordings = {
  CAUDAL_CHECKS_FAILED: {
    message: '{table}: hay comprobaciones con fallos ({checks}).',
    hint: 'Las filas con fallos se guardan con la ejecución. Corrígelas en la fuente o en el modelo; una comprobación que solo deba avisar dice `severity: warn`.',
  },
  CAUDAL_CHECK_FAILED: {
    message:
      'La comprobación `{check}` falló en {failingRows} filas. No se publicó nada; la versión anterior se queda.',
    hint: 'Mira las filas: `caudal check`, o corrige el modelo.',
  },
  CAUDAL_CHECK_DECLARATION: {
    message:
      '[{file}][:{line}] Una comprobación nombra una tabla o columna que no existe, o lleva el nombre de otra.',
    hint: 'Corrige la comprobación.',
  },
  CAUDAL_MODEL_COLUMN: {
    message: '[{file}][:{line}] El modelo lee una columna que la tabla no tiene.',
    hint: 'Corrige el nombre de la columna, o el modelo de donde sale.',
  },
  CAUDAL_MODEL_CYCLE: {
    message: '[{file}][:{line}] Hay modelos que se leen en círculo[: {models}].',
    hint: 'Pon lo que comparten en un modelo que no lea ninguno de ellos. Un modelo incremental nunca se lee a sí mismo.',
  },
  CAUDAL_MODEL_DEPTH: {
    message: '[{file}][:{line}] El modelo anida demasiado para conocer sus columnas y su linaje.',
    hint: 'Divide el modelo en varios.',
  },
  CAUDAL_MODEL_DIFFERS: {
    message: '[{file}][:{line}] El modelo usa SQL que DuckDB y PostgreSQL ejecutan con resultados distintos.',
    hint: 'Usa la función portable que corresponda.',
  },
  CAUDAL_MODEL_DUPLICATE: {
    message: '[{file}][:{line}] El nombre del modelo ya está usado.',
    hint: 'Cambia el nombre de uno, o muévelo a otra carpeta: la carpeta es el esquema.',
  },
  CAUDAL_MODEL_HEADER: {
    message: '[{file}][:{line}] La cabecera del modelo no es correcta.',
    hint: 'Corrige la cabecera: empieza por `/* ---` y termina con una línea `--- */` antes del SQL, y nombra columnas que la consulta devuelve.',
  },
  CAUDAL_MODEL_INTERVAL: {
    message:
      '[{file}][:{line}] El intervalo del modelo incremental no es correcto[ en {model}: {failingRows} filas quedan fuera]. No se publicó nada del intervalo.',
    hint: 'Filtra con `time >= $interval_start` y `time < $interval_end`, y declara materialization: incremental.',
  },
  CAUDAL_MODEL_NAME: {
    message:
      '[{file}][:{line}] El archivo del modelo no está en ninguna carpeta, o su ruta no da un nombre que todos los almacenes acepten.',
    hint: 'Ponlo en models/<esquema>/<nombre>.sql, en minúsculas, con letras, cifras y guiones bajos.',
  },
  CAUDAL_MODEL_PORTABILITY: {
    message: '[{file}][:{line}] El modelo usa SQL que PostgreSQL rechaza u ordena de otro modo.',
    hint: 'Usa el SQL que ejecutan los dos, o una función portable.',
  },
  CAUDAL_MODEL_REFERENCE: {
    message: '[{file}][:{line}] El modelo lee una tabla que no existe, o no dice de qué esquema.',
    hint: 'Nombra la tabla con su esquema: un flujo, un modelo o una table().',
  },
  CAUDAL_MODEL_REFUSED: {
    message: '{file}: el almacén rechaza el modelo `{model}`.',
    hint: 'Corrige el SQL; los tipos salen de los esquemas registrados (`caudal typegen`).',
  },
  CAUDAL_MODEL_SYNTAX: {
    message: '[{file}][:{line}] El SQL del modelo no se entiende, o no es una sola consulta.',
    hint: 'Corrige el SQL donde se indica.',
  },
  CAUDAL_MODEL_TEST: {
    message: '[{file}][:{line}] Una prueba de modelo no es correcta.',
    hint: 'Corrige la prueba.',
  },
  CAUDAL_MODEL_UNKNOWN: {
    message: 'El plan nombra un modelo que el proyecto no tiene. No se construyó nada.',
    hint: 'El proyecto cambió después de hacer el plan: ejecuta otra vez.',
  },
  CAUDAL_METRIC_COLUMN: {
    message:
      '[{file}][:{line}] La métrica[ `{metric}`] usa una columna que no sirve o no existe[: {missing}].',
    hint: 'Corrige la métrica, o construye la tabla otra vez: `caudal run`.',
  },
  CAUDAL_METRIC_DIMENSION: {
    message: '[{file}][:{line}] La métrica no tiene la dimensión que se pide, o le falta su unión.',
    hint: 'Añade la dimensión a `dimensions` de la métrica, o la unión a `joins`.',
  },
  CAUDAL_METRIC_TABLE: {
    message:
      '[{file}][:{line}] La métrica[ `{metric}`] lee una tabla que el almacén aún no tiene[: {table}].',
    hint: 'Constrúyela: `caudal run`. O nombra un modelo, un flujo de una fuente o una table().',
  },
  CAUDAL_DASHBOARD_METRIC: {
    message:
      'Una pieza del tablero `{dashboard}` muestra una métrica que ningún archivo de metrics/ exporta.',
    hint: 'Expórtala: export const … = metric({ … }) en un archivo de metrics/.',
  },
  CAUDAL_TILE_REFUSED: {
    message: 'La pieza `{tile}` del tablero `{dashboard}` no se puede calcular: {reason}',
    hint: 'Corrige la columna, el filtro o la dimensión de su métrica; los tipos salen de los esquemas registrados (`caudal typegen`).',
  },
}
