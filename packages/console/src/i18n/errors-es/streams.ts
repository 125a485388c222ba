import type { ErrorWordings } from '../wording.ts'

/** The log, pipelines and the collector. */
export const streamErrorsEs: ErrorWordings = {
  CAUDAL_COLLECTOR_DIED: {
    message:
      'El receptor de eventos terminó. Los eventos que había confirmado están en el registro; se inicia otro.',
    hint: 'Si sigue terminando, mira la memoria de la máquina y los esquemas de los flujos.',
  },
  CAUDAL_EVENT_SCHEMA: {
    message:
      'El esquema de los eventos no se puede usar: tiene que dar un JSON Schema y comprobar sin esperar a nada de fuera.',
    hint: 'Usa zod 4.2 o más nuevo, arktype 2.1.28 o más nuevo, o valibot con toStandardJsonSchema.',
  },
  CAUDAL_FLUSH_TABLE: {
    message:
      'La tabla {table} no admite lo que da el flujo. No se escribió nada; los eventos siguen en el registro.',
    hint: 'Usa otra tabla u otra columna en `into`, o reinicia el flujo para hacer la tabla de nuevo desde el registro.',
  },
  CAUDAL_LOG_BEHIND: {
    message:
      'Al registro del tema {topic} le faltan eventos que ya se habían confirmado o tomado. No se cambió nada.',
    hint: 'Repón la carpeta del registro de una copia. ¿Es este el registro de este almacén?',
  },
  CAUDAL_LOG_BUSY: {
    message: 'Otro proceso escribe en el registro {root}. No se cambió nada.',
    hint: 'Un registro tiene un solo escritor: dale a este destino su carpeta, o detén el otro proceso.',
  },
  CAUDAL_LOG_CLOSED: { message: 'El registro está cerrado. No se añadió nada.' },
  CAUDAL_LOG_DAMAGED: {
    message:
      'El registro del tema {topic} está dañado en {file}: lo que sigue no se puede leer, lo anterior sí. No se cambió nada.',
    hint: 'Repón el archivo de una copia, o del lago si se archivó. Puede que falle el disco: mira primero su estado.',
  },
  CAUDAL_LOG_EVENT_SIZE: {
    message: 'Un evento para el tema {topic} es demasiado grande. No se añadió nada de este envío.',
    hint: 'Guarda lo grande en un almacén de objetos y envía su dirección.',
  },
  CAUDAL_LOG_FULL: {
    message:
      'El disco del registro no tiene sitio para más eventos del tema {topic} ({folder}). No se añadió nada de este envío; lo confirmado está a salvo.',
    hint: 'Libera espacio, o conserva los eventos menos tiempo; luego envía otra vez.',
  },
  CAUDAL_LOG_GAP: {
    message:
      'El registro del tema {topic} ya no tiene los eventos desde donde había que leer. No se leyó nada.',
    hint: "Léelos del lago con `caudal backfill`, o sigue sin ellos (onGap: 'continue'), lo que queda anotado.",
  },
  CAUDAL_LOG_MARK: {
    message:
      'El registro del tema {topic} no puede decir si está entero: {file} no se puede leer. No se cambió nada.',
    hint: 'Si lo que hay es todo lo que debe haber, quita {file} y empieza otra vez; si no, repón la carpeta de una copia.',
  },
  CAUDAL_LOG_PARTITIONS: {
    message: 'El tema {topic} tiene otro número de particiones. No se cambió nada.',
    hint: 'Declara las que tiene, o usa otro tema.',
  },
  CAUDAL_LOG_READ_ONLY: {
    message: 'El registro {root} está abierto solo para leer. No se cambió nada en el tema {topic}.',
    hint: 'Escribe el proceso dueño: envía los eventos a su receptor.',
  },
  CAUDAL_LOG_TOPIC: {
    message: 'No existe el tema {topic}.',
    hint: 'Un tema se crea cuando un receptor o un flujo lo nombra y el dueño se inicia.',
  },
  CAUDAL_LOG_TOPIC_FILE: {
    message:
      'No se puede leer qué es el tema {topic}: {file} está dañado o es de un Caudal más nuevo. No se cambió nada.',
    hint: 'Repón el archivo de una copia, o usa la versión más nueva.',
  },
  CAUDAL_LOG_TOPIC_NAME: {
    message:
      '`{topic}` no sirve como nombre de tema: minúsculas, cifras, punto, guion y guion bajo, 200 como mucho, y al principio letra o cifra.',
    hint: 'Dale otro nombre.',
  },
  CAUDAL_LOG_WRITE: {
    message:
      'No se pudo escribir en el registro del tema {topic}. Lo confirmado está a salvo; si lo último llegó se sabe al abrirlo otra vez.',
    hint: 'Mira el disco y empieza otra vez.',
  },
  CAUDAL_PIPELINE_COLLISION: {
    message: 'El flujo `{pipeline}` comparte nombre o tabla con otro.',
    hint: 'Dale a uno otro nombre o su propia tabla; un modelo los une.',
  },
  CAUDAL_PIPELINE_LOG: {
    message:
      'El flujo {pipeline} no puede funcionar: el destino {target} no nombra un registro. No se lee nada.',
    hint: "Añade un registro al destino: log: segmentLog({ path: 'data/log' }).",
  },
  CAUDAL_PIPELINE_TABLE: {
    message: 'La tabla {table} de un flujo no sirve: se llama esquema.nombre, y cada flujo la llena una vez.',
    hint: 'Corrige el nombre en `into`.',
  },
  CAUDAL_PIPELINE_WAREHOUSE: {
    message:
      'El almacén no admite lo que hacen los flujos. No se escribió nada; los eventos siguen en el registro.',
    hint: 'Nombra en el destino uno que lo haga: duckdb().',
  },
}
