import type { ErrorWordings } from '../wording.ts'

/** Sources over HTTP. */
export const httpErrorsEs: ErrorWordings = {
  CAUDAL_HTTP_ADDRESS: {
    message: '{where}: no es una dirección http.',
    hint: 'Comprueba `baseUrl`, `path` y de dónde sale el enlace siguiente.',
  },
  CAUDAL_HTTP_BODY_CUT: {
    message: '{where}: la respuesta llegó cortada.',
    hint: 'La conexión o un proxy la cortó. Inténtalo otra vez; si se repite, pide páginas más pequeñas (`limit`).',
  },
  CAUDAL_HTTP_BODY_ENCODING: {
    message: '{where}: la respuesta no está en {charset}.',
    hint: 'El servidor nombra otra codificación que la que usa: haz que envíe UTF-8 o el `charset` correcto.',
  },
  CAUDAL_HTTP_BODY_TOO_LARGE: {
    message: '{where}: la respuesta supera {bytesMax} bytes.',
    hint: 'Pide páginas más pequeñas (`limit`) o sube `bodyBytesMax`.',
  },
  CAUDAL_HTTP_ERROR_BODY: {
    message: '{where}: el servidor respondió {status} con un error dentro: {reason}.',
    hint: 'El servidor informa de sus errores en el cuerpo: su motivo dice qué cambiar.',
  },
  CAUDAL_HTTP_FORBIDDEN: {
    message: '[{where}: ]el servidor aceptó las credenciales, pero no dejan leer esto (403).',
    hint: 'Da al token permiso para esto o quita el flujo.',
  },
  CAUDAL_HTTP_FOREIGN_ORIGIN: {
    message: '{where} lleva a {origin}, que no está configurado. No se envió nada allí.',
    hint: "Si es del mismo servicio, añádelo: origins: ['{origin}'].",
  },
  CAUDAL_HTTP_NOT_FOUND: {
    message: '[{where}: ]el servidor no conoce esa dirección, o dice que ya no existe[ ({status})].',
    hint: 'Comprueba `baseUrl` y `path`: puede que el proveedor haya retirado esta versión de su API.',
  },
  CAUDAL_HTTP_NOT_JSON: {
    message: '{where}: la respuesta no es JSON[ ({contentType})].',
    hint: 'Una página así suele ser de acceso o de error: comprueba la dirección base, la ruta y las credenciales.',
  },
  CAUDAL_HTTP_OAUTH_REFUSED: {
    message: '{where}: el servidor rechazó la autorización ({error}).',
    hint: 'Comprueba `tokenUrl`, identificador, secreto y alcance en `auth`; si el token de renovación está usado, caducado o revocado, autoriza la aplicación otra vez.',
  },
  CAUDAL_HTTP_RATE_LIMITED: {
    message:
      '[{where}: ]el servidor siguió diciendo que hay demasiadas peticiones, también tras los reintentos.',
    hint: 'Pon un `rateLimit` menor o ejecuta más tarde.',
  },
  CAUDAL_HTTP_REDIRECTED: {
    message: '[{where}: ]el servidor remite a otro sitio de un modo que no se sigue.',
    hint: 'Pon en `baseUrl` la dirección a la que remite.',
  },
  CAUDAL_HTTP_REFUSED: {
    message: '[{where}: ]el servidor rechazó la petición[ ({status})].',
    hint: 'Comprueba `path` y los parámetros del flujo (`params`, `cursor`, `paginate`).',
  },
  CAUDAL_HTTP_TLS: {
    message: '{where}: no se confía en el certificado del servidor ({reason}).',
    hint: 'Comprueba la dirección, o da a Node el certificado de tu autoridad: NODE_EXTRA_CA_CERTS.',
  },
  CAUDAL_HTTP_UNAUTHORIZED: {
    message: '[{where}: ]el servidor no aceptó las credenciales (401).',
    hint: 'Comprueba `auth`: el token puede estar mal, caducado o revocado.',
  },
  CAUDAL_HTTP_UNAVAILABLE: {
    message: '[{where}: ]el servidor siguió fallando[ ({status})], también tras los reintentos.',
    hint: 'El fallo es del servidor: ejecuta más tarde o mira su página de estado.',
  },
  CAUDAL_HTTP_UNREACHABLE: {
    message: '[{where}: ]el servidor no respondió[ ({reason})], tampoco tras los reintentos.',
    hint: 'Comprueba la dirección y la red; luego ejecuta otra vez.',
  },
  CAUDAL_REST_BASE_URL: {
    message: '{source}: `baseUrl` no es una dirección http.',
    hint: "Da la dirección entera: baseUrl: 'https://api.example.com/v1'.",
  },
  CAUDAL_REST_CHILD_PATH: {
    message: '{source}.{stream}: el servidor no conoce `{path}` para ningún registro.',
    hint: 'Comprueba `path` y los campos que nombra.',
  },
  CAUDAL_REST_COUNT: {
    message: '{where}: se pidió el número de registros y la respuesta no lo tiene. No se leyó nada.',
    hint: 'Apunta `count.field` o `count.header` al número, o quita `count`.',
  },
  CAUDAL_REST_CURSOR_FIELD: {
    message: '{source}.{stream}: ningún registro tiene en `{field}` un valor que se lea como dice el cursor.',
    hint: 'Comprueba `cursor.field` y `cursor.format`, o quita `cursor`.',
  },
  CAUDAL_REST_INCLUDE_TAKEN: {
    message: '{stream}: los registros tienen un campo `{field}` propio, que `parent.include` taparía.',
    hint: "Dale otro nombre: include: { parent_{field}: '…' }.",
  },
  CAUDAL_REST_KEYSET_FIELD: {
    message: 'El último registro no tiene `{field}`, así que no se puede pedir la página siguiente.',
    hint: 'Pon en `paginate.field` un campo que tengan todos los registros.',
  },
  CAUDAL_REST_NO_RECORDS: {
    message: '{where}: en `{records}` no hay una lista de registros.',
    hint: 'Comprueba `records`. Si el servidor informa así de sus errores, añade `errorBody`; si omite el campo cuando no hay ninguno, pon `recordsMayBeMissing`.',
  },
  CAUDAL_REST_OPTIONS: {
    message: 'Hay opciones de rest() incorrectas: {problems}',
    hint: 'Corrige las opciones de la fuente; docs/sources/rest.md las enumera.',
  },
  CAUDAL_REST_PAGES_SHIFT: {
    message:
      '{source}.{stream}, página {page}: los últimos registros de la página anterior ya no están en la lista, así que puede faltar alguno. Lo entregado antes se queda.',
    hint: 'Pide un orden estable (`params`), pagina por cursor o clave si el servidor puede, o pon `overlap: 0` para leer sin comprobar.',
  },
  CAUDAL_REST_PAGE_REPEATS: {
    message: '{source}.{stream}, página {page}: la paginación no avanza.',
    hint: 'Comprueba `paginate`: puede que el servidor ignore su parámetro o que su ruta apunte a otro valor.',
  },
  CAUDAL_REST_PAGINATE_FIELD: {
    message: '`{field}` no tiene un texto ni un número con que pedir la página siguiente.',
    hint: 'Apunta la ruta de `paginate` al valor mismo, por ejemplo `paging.next.after`.',
  },
  CAUDAL_REST_PARENT_FIELD: {
    message: '`{template}` nombra el campo `{field}` del registro superior, que no lo tiene.',
    hint: 'Nombra un campo que tengan todos los registros del flujo superior.',
  },
  CAUDAL_REST_POSITION: {
    message:
      '{source}.{stream} se paró a media lista con otra paginación, así que no se puede seguir desde ahí. Lo cargado se queda.',
    hint: 'Léelo otra vez desde el principio: caudal reset {source}.{stream}',
  },
  CAUDAL_REST_RESUME_EXPIRED: {
    message:
      '{source}.{stream}: no se puede seguir donde se paró, y empezar otra vez doblaría lo cargado desde entonces.',
    hint: 'Léelo otra vez desde el principio: caudal reset {source}.{stream}',
  },
}
