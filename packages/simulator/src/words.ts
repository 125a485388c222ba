const lines = (text: string): readonly string[] => text.trim().split(/\s+/)

export const FIRST_NAMES: readonly string[] = [
  ...lines(`Ana Lucía Marta Carmen Sofía Valentina Camila Inés Noa Elena Paula Irene Núria Begoña Ximena
    Pablo Javier Diego Mateo Andrés Álvaro Íñigo Jordi Óscar Raúl Sergio Tomás Joaquín Martín Hugo
    Emma Léa Chloé Zoé Louis François René Anaïs Hélène Jürgen Jörg Björn Sören Anke Käthe Lukas Mia
    Oliver Amelia Grace Liam Olivia Noah Ava Zoë Siobhán Łukasz Małgorzata Søren Åsa Ngozi Yuki Wei`),
  'María José',
  "D'Angelo",
]

export const LAST_NAMES: readonly string[] = [
  ...lines(`García Martínez López Sánchez Pérez Gómez Fernández Muñoz Ibáñez Núñez Peña Ordóñez Rodríguez
    Castro Vega Ríos Salazar Quiroga Bolívar Acuña Herrera Rojas Dupont Lefèvre Moreau Bélanger Müller
    Schröder Weiß Köhler Lange Novák Kowalski Żak Nilsson Østergaard Lindqvist Smith Taylor Walker Brown
    Okafor Tanaka Chen Silva Conceição Araújo Gonçalves Rossi Ferraro`),
  "O'Brien",
  "O'Neill",
  'de la Cruz',
  'van der Berg',
  'Pérez-Reverte',
]

export const JOB_TITLES: readonly string[] = [
  'Head of Sales',
  'VP Operations',
  'CTO',
  'CFO',
  'COO',
  'Founder & CEO',
  'Revenue Operations Manager',
  'Director Comercial',
  'Jefa de Compras',
  'Responsable de Sistemas',
  'IT Manager',
  'Data Lead',
  'Marketing Manager',
  'Customer Success Lead',
]

export const COMPANY_STEMS: readonly string[] = lines(`Altamira Norte Brisa Cumbre Delta Encina Faro Garbí
  Halcón Ibérica Jacaranda Kairós Lumen Mareas Nimbus Olivar Pampa Quetzal Ribera Sierra Tramontana Umbral
  Vértice Xenial Yunque Zafiro Aurora Boreal Cobalto Duna Ébano Fénix Glaciar Horizonte Índigo Jaspe Kite
  Levante Mistral Nogal Orion Pulsar`)

export const COMPANY_TRADES: readonly string[] = lines(`Logistics Foods Robotics Health Energía Seguros Textil
  Media Legal Mobility Retail Pharma Viajes Motors Studios Systems Farming Capital Learning Security Labs
  Consulting Packaging Telecom Hoteles Maritime Payments Analytics`)

export const COMPANY_FORMS: readonly string[] = ['S.L.', 'S.A.', 'GmbH', 'SAS', 'Ltd', 'Inc.', 'B.V.', 'AB']

export const INDUSTRIES: readonly string[] = [
  'Software',
  'Logistics',
  'Retail',
  'Manufacturing',
  'Financial services',
  'Health care',
  'Education',
  'Energy',
  'Hospitality',
  'Professional services',
]

export const EMAIL_SUBJECTS: readonly string[] = [
  'Quick question about {company}',
  '{company} + Riada',
  'Menos hojas de cálculo en {company}',
  'Following up',
  '¿Quién lleva ventas en {company}?',
  'Last try, {company}',
]

export const NOTE_TEXTS: readonly string[] = [
  'Budget confirmed for next quarter.',
  'Asked for a "pilot" with 10 seats; security review pending.',
  'Precio: piden 15% de descuento.\nDecisión la semana que viene.',
  'Champion left the company 😬',
  'Competes with an in-house tool; wants the CSV export; and "SSO".',
  'Llamar después de Reyes 🎉',
  'Legal sent redlines.\r\n- liability cap\r\n- data location: EU',
  '',
]

/** Lower case without accents, for addresses and domains. */
export function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/ß/g, 'ss')
    .replace(/ł/g, 'l')
    .replace(/ø/g, 'o')
    .normalize('NFD')
    .replace(/[^a-z0-9]/g, '')
}
