import type { ErrorWordings } from '../wording.ts'

/** Requests of the console, dashboards and runs. */
export const consoleErrorsEs: ErrorWordings = {
  CAUDAL_INTERNAL: {
    message: 'Algo falló dentro de Caudal.[ El registro tiene los detalles con la referencia {reference}.]',
    hint: 'Es un defecto de Caudal o del código del proyecto: busca los detalles en el registro del proceso dueño.',
  },
  CAUDAL_CONSOLE_OFFLINE: {
    message: 'El servidor no responde.',
    hint: 'Comprueba que `caudal dev` o `caudal serve` esté en marcha. La consola lo intenta de nuevo por sí sola.',
  },
  CAUDAL_CONSOLE_UNREADABLE: {
    message: 'El servidor respondió {status} sin explicación.',
    hint: 'Mira el registro del servidor.',
  },
  CAUDAL_ROUTE_UNKNOWN: {
    message: 'El servidor no conoce esta dirección.',
    hint: 'La API está en /api/v1; la consola y el servidor deben ser de la misma versión.',
  },
  CAUDAL_REQUEST_CONTENT_TYPE: {
    message: 'La petición no es application/json: lo exige toda petición que cambia algo.',
    hint: "Envía `content-type: application/json` con un cuerpo JSON, al menos '{}'.",
  },
  CAUDAL_REQUEST_HOST: {
    message: 'La petición nombra un servidor por el que este no responde.',
    hint: 'Abre la consola por la dirección que se imprimió al arrancar, http://127.0.0.1:<puerto>.',
  },
  CAUDAL_REQUEST_INVALID: {
    message: 'La petición no es válida: {problems}. No se hizo nada.',
    hint: 'Corrige los campos nombrados y envíala otra vez.',
  },
  CAUDAL_REQUEST_ORIGIN: {
    message: 'La petición viene de otra página; solo las de la consola pueden llamar a este servidor.',
    hint: 'Abre la consola por la dirección que se imprimió al arrancar.',
  },
  CAUDAL_REQUEST_TOO_LARGE: {
    message: 'El cuerpo de la petición supera {bytesMax} bytes. No se hizo nada.',
    hint: 'Envía menos en una petición.',
  },
  CAUDAL_LIVE_FULL: {
    message:
      'Hay demasiadas conexiones en vivo abiertas; no se aceptan más. Los tableros se pueden leer sin ellas.',
    hint: 'Cierra tableros que nadie mira.',
  },
  CAUDAL_SERVER_STOPPING: {
    message: 'El proceso dueño del almacén se está deteniendo. No se hizo nada.',
    hint: 'Vuelve a intentarlo en un momento.',
  },
  CAUDAL_OWNER_STOPPING: {
    message: 'El proceso dueño del almacén se está deteniendo. No se ejecutó nada.',
    hint: 'Vuelve a intentarlo en un momento.',
  },
  CAUDAL_VIEW_INVALID: {
    message: 'La dirección pide {parameter}={value}, que no es un valor permitido.',
    hint: 'Quita {parameter} de la dirección o elígelo en el tablero.',
  },
  CAUDAL_TIME_ZONE_INVALID: {
    message:
      'La vista pide la zona horaria {timeZone}, que no es una zona IANA como Europe/Madrid. No se calculó nada.',
    hint: 'Elige otra zona horaria en el tablero.',
  },
  CAUDAL_CELL_INVALID: {
    message: 'La celda que se pidió no es un punto de su pieza[: {time}].',
    hint: 'Pide un punto de la serie por su `at`: un día como 2026-03-29 o, por horas, un instante.',
  },
  CAUDAL_DASHBOARD_UNKNOWN: {
    message: 'No hay ningún tablero `{dashboard}`.',
    hint: 'Expórtalo desde un módulo de dashboards/.',
  },
  CAUDAL_DASHBOARD_TILE_UNKNOWN: {
    message: 'El tablero `{dashboard}` no tiene la pieza `{tile}`.',
    hint: 'Vuelve a cargar la página: puede que el tablero haya cambiado.',
  },
  CAUDAL_TILE_UNKNOWN: {
    message: 'El tablero `{dashboard}` no tiene la pieza `{tile}`.',
    hint: 'Vuelve a cargar la página: puede que el tablero haya cambiado.',
  },
  CAUDAL_DIMENSION_UNKNOWN: {
    message: 'Ninguna métrica del tablero tiene la dimensión `{dimension}`.',
    hint: 'Filtra por una dimensión que tengan las métricas del tablero.',
  },
  CAUDAL_METRIC_UNKNOWN: {
    message: 'No hay ninguna métrica `{metric}`. No se calculó nada.',
    hint: 'Expórtala desde un módulo de metrics/ o nombra una que esté exportada.',
  },
  CAUDAL_METRIC_RESULT: {
    message: 'El almacén respondió algo que la consulta de la pieza no pide. No se muestra nada.',
    hint: 'Es un defecto del adaptador del almacén: comunícalo con el SQL de la pieza.',
  },
  CAUDAL_RUN_UNKNOWN: {
    message: 'La ejecución `{run}` no está en el historial.',
    hint: 'Mira la lista de ejecuciones de la consola, o `caudal status`.',
  },
  CAUDAL_RUN_CANCELLED: { message: 'La ejecución se canceló. Lo que ya había surtido efecto se queda.' },
  CAUDAL_RUN_LATE: {
    message: 'La ejecución de la fuente {source} va con retraso. Lo cargado antes se queda.',
    hint: 'Mira a qué espera: `caudal status`. Una fuente lenta necesita un intervalo mayor.',
  },
  CAUDAL_RUN_OWNER_DIED: {
    message:
      'El proceso dueño del almacén terminó durante la ejecución {run}. Lo confirmado antes está en el almacén y nada más: no hay cargas a medias.',
    hint: 'Ejecútala otra vez: `caudal run`. Sigue desde las últimas posiciones confirmadas.',
  },
  CAUDAL_WORKER_DIED: {
    message:
      'El proceso que ejecuta el código del proyecto terminó. Las cargas completas en el lago surten efecto; lo demás se lee otra vez.',
    hint: 'Busca `process.exit` o un consumo excesivo de memoria en el código de la fuente y ejecuta otra vez.',
  },
  CAUDAL_SELECT_UNKNOWN: {
    message: 'La selección no corresponde a nada del proyecto[: {select}]. No se ejecutó nada.',
    hint: 'Elige por nombre, tag:, path:, state:changed o source:.',
  },
  CAUDAL_TABLE_UNKNOWN: {
    message: 'La tabla `{table}` no sirve para esto o no existe. No se cambió nada.',
    hint: 'Nombra una de las tablas del proyecto.',
  },
}
