"""What is said of call files and areas, and how that is in Spanish; `{…}` is what differs.

`{what}`, `{reason}`, `{remedy}`, `{advice}`, `{count}` and `{noun}` are themselves one of these.
"""

from lamplighter.history.quality.words import REASONS
from lamplighter.history.spanish_texts_of_areas import TEXTS_OF_LAYOUTS_AND_AREAS

TEXTS: tuple[tuple[str, str], ...] = (
    # What a column is taken for, and why
    ("as you said", "como usted dijo"),
    ("its name and its numbers", "su nombre y sus números"),
    ("its name, and numbers like degrees", "su nombre, y números como grados"),
    ("its name; its values fit by {share}", "su nombre; sus valores encajan en un {share}"),
    ("its values alone", "solo sus valores"),
    ("its values, against its name", "sus valores, contra su nombre"),
    ("its place in order of time", "su lugar en el orden del tiempo"),
    ("the only column of times", "la única columna de horas"),
    (
        "its name; earlier than others in {share}",
        "su nombre; antes que las demás en un {share}",
    ),
    (
        "its name; not before the call in {share}",
        "su nombre; no antes de la llamada en un {share}",
    ),
    (
        "not later than the other times in {share} of rows",
        "no después de las otras horas en un {share} de las filas",
    ),
    (
        "each {code} has the same words in {share} of its rows",
        "cada {code} tiene las mismas palabras en un {share} de sus filas",
    ),
    ("nature", "código"),
    ("disposition", "resultado"),
    (
        "{reason}; the number stands in a column of its own",
        "{reason}; el número está en una columna propia",
    ),
    (
        "an address before the point; the point comes with it",
        "una dirección antes del punto; el punto viene con ella",
    ),
    (
        "neighbors with degrees that suit a city of this continent",
        "vecinas, con grados que convienen a una ciudad de este continente",
    ),
    ("a point in {share} of it", "un punto en un {share} de ella"),
    ("meters of Web Mercator, {reason}", "metros de Web Mercator, {reason}"),
    ("as the file says", "como dice el archivo"),
    ("to judge by their size", "a juzgar por su tamaño"),
    ("its name; it says the same as the words", "su nombre; dice lo mismo que las palabras"),
    ("its numbers, against its name", "sus números, y no su nombre"),
    ("{reason}, but see below", "{reason}, pero vea abajo"),
    ("the calls lie near {city}, {state}", "las llamadas están cerca de {city}, {state}"),
    ("the name of the file says {city}", "el nombre del archivo dice {city}"),
    (
        "nothing in the file tells where its calls are",
        "nada en el archivo dice dónde son sus llamadas",
    ),
    (
        "the calls lie far from every city that is known here",
        "las llamadas están lejos de todas las ciudades que se conocen aquí",
    ),
    ("no coordinates that belong together", "no hay coordenadas que vayan juntas"),
    ("{share} of the coordinates lie within", "un {share} de las coordenadas queda dentro"),
    ("no column has times", "ninguna columna tiene horas"),
    (
        "no day above 12 shows which number is the day: month first is the custom here",
        "ningún día mayor que 12 muestra qué número es el día: aquí se acostumbra primero el mes",
    ),
    ("{share} of the times are written so", "un {share} de las horas está escrito así"),
    # What was not understood
    (
        "The file is compressed ({how}), which its name does not say.",
        "El archivo está comprimido ({how}), y su nombre no lo dice.",
    ),
    (
        "The file is {kind}, though its name ends in {end}; it is read as it is.",
        "El archivo es {kind}, aunque su nombre termina en {end}; se lee como es.",
    ),
    ("a workbook", "una hoja de cálculo"),
    ("text", "texto"),
    (
        "Rows of the sample that cannot be read ({why}): {n}.",
        "Filas de la muestra que no se pueden leer ({why}): {n}.",
    ),
    (
        "Lines of the sample that are not UTF-8 and were read as {encoding}: {n}.",
        "Líneas de la muestra que no están en UTF-8 y se leyeron como {encoding}: {n}.",
    ),
    (
        "Lines with characters that nothing can read: {n}.",
        "Líneas con caracteres que nada puede leer: {n}.",
    ),
    (
        "The file ends in the middle: download it again to have all calls.",
        "El archivo termina a la mitad: descárguelo otra vez para tener todas las llamadas.",
    ),
    (
        "The service cut its answer short: the city has more calls than these.",
        "El servicio cortó su respuesta: la ciudad tiene más llamadas que estas.",
    ),
    (
        "The longitudes in {column} are positive, so the calls lie in Asia: see whether a minus "
        "sign was lost.",
        "Las longitudes de {column} son positivas, así que las llamadas quedan en Asia: vea si se "
        "perdió un signo menos.",
    ),
    (
        "{latitude} and {longitude} hold each other's numbers.",
        "{latitude} y {longitude} tienen cada una los números de la otra.",
    ),
    (
        "{latitude} and {longitude} are no degrees ({low} to {high}): ask for latitude and "
        "longitude in degrees.",
        "{latitude} y {longitude} no son grados ({low} a {high}): pida latitud y longitud en "
        "grados.",
    ),
    (
        "{x} and {y} are measured in a grid that is not read here, such as feet of a state plane: "
        "ask for latitude and longitude (ArcGIS: outSR=4326).",
        "{x} y {y} están medidas en una cuadrícula que aquí no se lee, como pies de un plano "
        "estatal: pida latitud y longitud (ArcGIS: outSR=4326).",
    ),
    (
        "The times count milliseconds of the city's own clock, to judge by the quiet hours around "
        "{hour} o'clock, and not of UTC.",
        "Las horas cuentan milisegundos del reloj de la ciudad, a juzgar por las horas tranquilas "
        "hacia las {hour}, y no de UTC.",
    ),
    (
        "The times say their offset from UTC, but calls rest around {hour} o'clock as they are "
        "written: the city's own clock may be meant. If so, write the sign and figures of the "
        "offset into the format in place of %z.",
        "Las horas dicen su diferencia con UTC, pero tal como están escritas las llamadas "
        "descansan hacia las {hour}: puede ser el reloj de la ciudad. Si es así, escriba el signo "
        "y las cifras de la diferencia en el formato, en lugar de %z.",
    ),
    (
        "The fewest calls come around {hour} o'clock, which is no time to sleep: the clock may be "
        "that of another time zone, such as UTC.",
        "Cuando menos llamadas llegan es hacia las {hour}, que no es hora de dormir: el reloj "
        "puede ser el de otro huso horario, como UTC.",
    ),
    (
        "{one} is before {other} in {share} of the rows: see whether it is what its name says.",
        "{one} es antes que {other} en un {share} de las filas: vea si es lo que dice su nombre.",
    ),
    (
        "{column} holds times and was not used: if they are when a unit was sent, was there or "
        "was done, name it as dispatched, arrived or cleared under 'columns'.",
        "{column} tiene horas y no se usó: si son cuando se envió una unidad, llegó o terminó, "
        "nómbrela como dispatched, arrived o cleared en 'columns'.",
    ),
    ("{column} has days without a clock.", "{column} tiene días sin hora."),
    (
        "{column} is named like a time, and its values are in no format that is known here: if it "
        "is one, add it and its format.",
        "{column} se llama como una hora, y sus valores no tienen ningún formato que se conozca "
        "aquí: si lo es, agréguela con su formato.",
    ),
    (
        "No column was found for the {field}, without which the file cannot be read: name it "
        "under 'columns'.",
        "No se encontró ninguna columna para {field}, sin la cual el archivo no se puede leer: "
        "nómbrela en 'columns'.",
    ),
    (
        "No column is an id: calls are named after their line.",
        "Ninguna columna es un identificador: las llamadas se llaman por su línea.",
    ),
    (
        "{share} of the ids stand in several rows: a call may have a row for each unit or step. "
        "The first good row of a call is kept, unless the layout says 'rows of one call: joined'.",
        "Un {share} de los identificadores está en varias filas: una llamada puede tener una fila "
        "por cada unidad o paso. Se guarda la primera fila buena de cada llamada, salvo que el "
        "formato diga 'rows of one call: joined'.",
    ),
    (
        "{share} of the ids stand in several rows: a call may have a row for each unit or step. "
        "They tell of one moment and several units or steps, so the layout says 'rows of one "
        "call: joined'.",
        "Un {share} de los identificadores está en varias filas: una llamada puede tener una fila "
        "por cada unidad o paso. Hablan de un solo momento y de varias unidades o pasos; por eso "
        "el formato dice 'rows of one call: joined'.",
    ),
    # Files that cannot be used
    ("{file} is empty: download it again.", "{file} está vacío: descárguelo otra vez."),
    (
        "{file} has nothing in it: download it again.",
        "{file} no tiene nada dentro: descárguelo otra vez.",
    ),
    (
        "{file} is {what}, not a table of calls: {remedy}.",
        "{file} es {what}, no una tabla de llamadas: {remedy}.",
    ),
    ("a PDF", "un PDF"),
    ("an image", "una imagen"),
    ("a Word document", "un documento de Word"),
    ("a PowerPoint presentation", "una presentación de PowerPoint"),
    ("XML", "un XML"),
    ("bzip2", "un archivo bzip2"),
    ("xz", "un archivo xz"),
    ("a 7-Zip archive", "un archivo 7-Zip"),
    ("a RAR archive", "un archivo RAR"),
    ("an SQLite database", "una base de datos SQLite"),
    ("an Arrow file", "un archivo Arrow"),
    (
        "a web page, perhaps an error message or a page to sign in",
        "una página web, quizás un mensaje de error o una página para entrar",
    ),
    ("open it in a browser", "ábrala en un navegador"),
    ("export the calls as CSV", "exporte las llamadas en CSV"),
    (
        "{file} cannot be read ({why}): see to the disk and its permissions.",
        "{file} no se puede leer ({why}): revise el disco y sus permisos.",
    ),
    (
        "ask for the table itself, as CSV or XLSX",
        "pida la tabla misma, en CSV o XLSX",
    ),
    ("unpack it and give the file in it", "descomprímalo y traiga el archivo que tiene dentro"),
    ("export its table of calls as CSV", "exporte su tabla de llamadas en CSV"),
    ("save it as Parquet", "guárdelo como Parquet"),
    (
        "{file} has no rows of calls: check that it is the right file.",
        "{file} no tiene filas de llamadas: vea si es el archivo correcto.",
    ),
    (
        "{file} has no text in it: check that it is the right file.",
        "{file} no tiene texto dentro: vea si es el archivo correcto.",
    ),
    (
        "{file} has {n} columns, or names of columns as long as a book: export the calls with "
        "fewer.",
        "{file} tiene {n} columnas, o nombres de columna largos como un libro: exporte las "
        "llamadas con menos.",
    ),
    (
        "{file} is neither text nor a format that is read here: export the calls as CSV.",
        "{file} no es texto ni un formato que se lea aquí: exporte las llamadas en CSV.",
    ),
    (
        "{file} is a workbook or ZIP archive that ends in the middle: download it again.",
        "{file} es una hoja de cálculo o un archivo ZIP que termina a la mitad: descárguelo otra "
        "vez.",
    ),
    (
        "{file} is a workbook or ZIP archive that is damaged: download it again.",
        "{file} es una hoja de cálculo o un archivo ZIP dañado: descárguelo otra vez.",
    ),
    (
        "{file} is a workbook or ZIP archive of a later version: save it as CSV.",
        "{file} es una hoja de cálculo o un archivo ZIP de una versión posterior: guárdelo en CSV.",
    ),
    (
        "{file} is a ZIP archive of {n} files: unpack it and give the file with the calls.",
        "{file} es un archivo ZIP de {n} archivos: descomprímalo y traiga el archivo de las "
        "llamadas.",
    ),
    (
        "{file} unpacks to {n} GB, which is no workbook to be opened: save it as CSV.",
        "{file} ocupa {n} GB al descomprimirse y no se puede abrir como hoja de cálculo: guárdelo "
        "como CSV.",
    ),
    (
        "{file} has cells far apart in a sheet that is nearly empty: delete the rows and columns "
        "beyond the calls, or save the sheet as CSV.",
        "{file} tiene celdas muy lejanas en una hoja casi vacía: borre las filas y columnas más "
        "allá de las llamadas, o guarde la hoja como CSV.",
    ),
    (
        "{file} is a workbook that cannot be opened ({why}): open it in a spreadsheet program and "
        "save it as CSV.",
        "{file} es una hoja de cálculo que no se puede abrir ({why}): ábrala en un programa de "
        "hojas de cálculo y guárdela como CSV.",
    ),
    (
        "{file} has no rows in its sheet {sheet}: name another sheet in the layout, or check that "
        "it is the right file.",
        "{file} no tiene filas en su hoja {sheet}: nombre otra hoja en el formato, o vea si es el "
        "archivo correcto.",
    ),
    (
        "{file} has no sheet {sheet}: write one of {sheets} in the layout.",
        "{file} no tiene la hoja {sheet}: escriba una de {sheets} en el formato.",
    ),
    (
        "{file} is JSON without a list of records in it: ask the portal for the rows of the data "
        "set, as JSON or CSV.",
        "{file} es JSON sin una lista de registros: pida al portal las filas del conjunto de "
        "datos, en JSON o CSV.",
    ),
    (
        "{file} is JSON without a list of records in it, perhaps the error message of a portal: "
        "ask the portal for the rows of the data set.",
        "{file} es JSON sin una lista de registros, quizás el mensaje de error de un portal: pida "
        "al portal las filas del conjunto de datos.",
    ),
    (
        "{file} starts like JSON and is none ({why}): download it again.",
        "{file} empieza como JSON y no lo es ({why}): descárguelo otra vez.",
    ),
    (
        "{file} is a Parquet file that cannot be opened, perhaps cut short: download it again.",
        "{file} es un archivo Parquet que no se puede abrir, quizás cortado: descárguelo otra vez.",
    ),
    (
        "{file} could not be read to its end, so nothing was written ({why}): see to the disk and "
        "its permissions, and read it again.",
        "{file} no se pudo leer hasta el final, así que no se escribió nada ({why}): revise el "
        "disco y sus permisos, y léalo otra vez.",
    ),
    (
        "{file} does not have the {noun} {columns} of layout {layout}: {advice}.",
        "{file} no tiene {noun} {columns} del formato {layout}: {advice}.",
    ),
    ("column", "la columna"),
    ("columns", "las columnas"),
    ("try --layout {name}, which fits", "pruebe el formato {name}, que le queda"),
    (
        "none that comes with Lamplighter fits: let 'lamplighter history describe' propose one",
        "ninguno de los que vienen con Lamplighter le queda: traiga el archivo otra vez y confirme "
        "el que se propone",
    ),
    ("There is no file {path}: check the path.", "No hay ningún archivo {path}: revise la ruta."),
    (
        "{file} is damaged ({why}): read the city's file again.",
        "{file} está dañado ({why}): lea otra vez el archivo de la ciudad.",
    ),
    *zip(REASONS["en"].values(), REASONS["es"].values(), strict=True),
    *TEXTS_OF_LAYOUTS_AND_AREAS,
)

# Sentences that are said otherwise now: proposals that were kept before say them still.
ONCE_SAID: tuple[tuple[str, str], ...] = (
    ("{column} holds times and was not used.", "{column} tiene horas y no se usó."),
    (
        "{share} of the ids stand in several rows: a call may have a row for each unit or step. "
        "The first good row of a call is kept.",
        "Un {share} de los identificadores está en varias filas: una llamada puede tener una fila "
        "por cada unidad o paso. Se guarda la primera fila buena de cada llamada.",
    ),
)
