import type { ErrorWordings } from '../wording.ts'

/** Sources of files. */
export const fileErrorsEs: ErrorWordings = {
  CAUDAL_FILE_AMBIGUOUS: {
    message:
      'No se puede decidir cómo están escritos los valores de {columns}: hay dos lecturas posibles. No se cargó nada de él.',
    hint: 'Di en el flujo cómo están escritos, para todo el archivo o por columna, con `text`.',
  },
  CAUDAL_FILE_CHANGED: {
    message:
      '{stream}: {file} no tiene los bytes que tenía al cargarse y el flujo rechaza archivos cambiados. Sus filas siguen igual.',
    hint: "Da otro nombre a los datos nuevos, o acepta el cambio: changed: 'replace'.",
  },
  CAUDAL_FILE_COLUMN_MISSING: {
    message: '{file}: faltan las columnas {missing}; el archivo tiene {fields}. No se cargó nada de él.',
    hint: 'Exporta el archivo con la columna o, si ahora se llama de otro modo, declárala: columns: columns({ … }).',
  },
  CAUDAL_FILE_CUT: {
    message: '{file}: el archivo está cortado o dañado. No se cargó nada de él.',
    hint: 'Una transferencia cortada deja un archivo así: cópialo o expórtalo otra vez.',
  },
  CAUDAL_FILE_DELIMITER: {
    message: '{file}: no se puede decidir qué separa las celdas[: {delimiters}]. No se cargó nada.',
    hint: "Dilo en el flujo: text: { delimiter: ';' }.",
  },
  CAUDAL_FILE_EMPTY: {
    message: '{file}: el archivo está vacío. No se cargó nada de él. Lo cargado antes sigue igual.',
    hint: 'Una exportación cortada deja un archivo así: expórtalo otra vez o quítalo.',
  },
  CAUDAL_FILE_ENCODING: {
    message: '{file}, línea {line}: el texto no es UTF-8; parece {encoding}. No se cargó nada de él.',
    hint: "Si es así, dilo en el flujo: text: { encoding: '{encoding}' }; si no, exporta el archivo en UTF-8.",
  },
  CAUDAL_FILE_EXCEL: {
    message: '{file}: no es un libro de Excel completo ({reason}). No se cargó nada de él.',
    hint: 'Guárdalo en Excel como .xlsx sin contraseña, o expórtalo otra vez si la transferencia se cortó.',
  },
  CAUDAL_FILE_HEADER: {
    message: '{file}, línea {line}: la cabecera nombra `{field}` dos veces. No se cargó nada.',
    hint: 'Da otro nombre a una de las columnas en el archivo, o declara todas en orden, con text: { header: false }, y quita la cabecera.',
  },
  CAUDAL_FILE_HTTP: {
    message: 'No se pudo descargar {file}: {reason}. No se cargó nada de él. Lo cargado antes sigue igual.',
    hint: 'Comprueba la dirección, las credenciales en `headers` y que el servidor esté ahí; luego ejecuta otra vez.',
  },
  CAUDAL_FILE_JSON_SHAPE: {
    message:
      "{file}: el archivo es una sola lista JSON y el flujo dice format: 'ndjson' (un objeto por línea). No se cargó nada de él.",
    hint: "Di format: 'json', o no digas el formato.",
  },
  CAUDAL_FILE_KIND: {
    message: '{file}: el nombre no dice qué clase de archivo es. No se leyó nada.',
    hint: "Dilo en el flujo: format: 'csv'.",
  },
  CAUDAL_FILE_NOT_FOUND: {
    message:
      '[{stream}: ]no hay ningún archivo[ {path}][ que cumpla {paths}]. No se leyó nada; lo cargado antes sigue igual.',
    hint: 'Comprueba `path` del flujo: es relativo al proyecto.',
  },
  CAUDAL_FILE_NOT_JSON: {
    message: '{file}, línea {line}: no es JSON. No se cargó nada de él.',
    hint: "Puede ser una página de acceso o de error: descarga el archivo otra vez, o di qué es en el flujo: format: 'csv'.",
  },
  CAUDAL_FILE_PAGE: {
    message: '{file}: el archivo es una página HTML o XML, no texto delimitado. No se cargó nada de él.',
    hint: 'Una página así suele ser de acceso o de error, guardada en lugar de la exportación: descarga el archivo otra vez.',
  },
  CAUDAL_FILE_PARQUET: {
    message: '{file}: no es un archivo Parquet completo ({reason}). No se cargó nada de él.',
    hint: 'Una transferencia cortada deja un archivo así: cópialo o expórtalo otra vez.',
  },
  CAUDAL_FILE_SHEET: {
    message: '{file}: el libro no tiene la hoja que se pide; tiene {sheets}. No se cargó nada de él.',
    hint: "Nombra una de ellas en el flujo: sheet: '…'.",
  },
  CAUDAL_FILE_UNREADABLE: {
    message: 'No se puede leer {file} ({reason}). No se cargó nada de él. Lo cargado antes sigue igual.',
    hint: 'Comprueba que el archivo esté ahí y que el usuario que ejecuta Caudal pueda leerlo.',
  },
}
