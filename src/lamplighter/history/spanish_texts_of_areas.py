"""What is said of layouts, areas and people in them, and how that is in Spanish."""

TEXTS_OF_LAYOUTS_AND_AREAS: tuple[tuple[str, str], ...] = (
    # Layouts
    ("{where}, line {line}: {what}", "{where}, línea {line}: {what}"),
    ("this is not YAML ({why}): mend this line.", "esto no es YAML: corrija esta línea."),
    ("{where}: this is not YAML: mend the file.", "{where}: esto no es YAML: corrija el archivo."),
    (
        "a layout starts with 'layout: NAME'; see docs/histories.md.",
        "un formato empieza con 'layout: NOMBRE'; vea docs/histories.md.",
    ),
    ("write some text after '{key}:'.", "escriba algún texto después de '{key}:'."),
    ("{what} has no {key}: {advice}", "{what} no tiene {key}: {advice}"),
    ("a layout", "un formato"),
    ("a nature", "un motivo de llamada"),
    ("'file'", "la parte 'file'"),
    ("'columns'", "la parte 'columns'"),
    ("did you mean {word}?", "¿quiso decir {word}?"),
    ("write one of {words}.", "escriba uno de {words}."),
    (
        '{item} under {key} must be text: write "{text}".',
        '{item} en {key} tiene que ser texto: escriba "{text}".',
    ),
    (
        "there is no time zone {name}: write one like America/Chicago.",
        "no hay ningún huso horario {name}: escriba uno como America/Chicago.",
    ),
    (
        "write under 'columns:' which column holds what.",
        "escriba en 'columns:' qué tiene cada columna.",
    ),
    (
        "say under 'columns' which column holds the {field}.",
        "diga en 'columns' qué columna tiene {field}.",
    ),
    (
        "{one} and {other} go together: name both columns.",
        "{one} y {other} van juntas: nombre las dos columnas.",
    ),
    (
        "add 'time formats', such as [\"%Y-%m-%d %H:%M:%S\"].",
        "agregue 'time formats', como [\"%Y-%m-%d %H:%M:%S\"].",
    ),
    (
        "{form} is not a time format: write one like %Y-%m-%d %H:%M:%S, or one of {forms}.",
        "{form} no es un formato de hora: escriba uno como %Y-%m-%d %H:%M:%S, o uno de {forms}.",
    ),
    ("there is no nature {name}: {advice}", "no hay ningún motivo de llamada {name}: {advice}"),
    (
        "list under 'natures' what the city's codes mean.",
        "liste en 'natures' qué significan los códigos de la ciudad.",
    ),
    (
        "a nature is written as 'codes', 'nature' and 'because'.",
        "un motivo de llamada se escribe con 'codes', 'nature' y 'because'.",
    ),
    (
        "{where}: this is another kind of file, without a layout, city or columns: give the file "
        "that 'lamplighter history describe' wrote.",
        "{where}: esto es otro tipo de archivo, sin layout, city ni columns: traiga el que se "
        "propuso.",
    ),
    (
        "{value} after {key} must be {what}.",
        "{value} después de {key} tiene que ser {what}.",
    ),
    ("text in quotes", "texto entre comillas"),
    ("true or false", "true o false"),
    ("a whole number", "un número entero"),
    (
        "write under 'file:' how it is written, as in 'delimiter: \";\"'.",
        "escriba en 'file:' cómo está escrito, como 'delimiter: \";\"'.",
    ),
    (
        "the delimiter is one character, and no fewer than 0 lines are skipped.",
        "el delimitador es un solo carácter, y las líneas que se saltan no son menos de 0.",
    ),
    (
        "there is no encoding {name}: write one like cp1252.",
        "no hay ninguna codificación {name}: escriba una como cp1252.",
    ),
    (
        "list under 'never' the dates that mean no date, such as [1900-01-01].",
        "liste en 'never' las fechas que quieren decir ninguna fecha, como [1900-01-01].",
    ),
    ("'bounds' needs {sides}, in degrees.", "'bounds' necesita {sides}, en grados."),
    ("'bounds' are numbers, in degrees.", "'bounds' son números, en grados."),
    (
        "south must be less than north, and west less than east.",
        "south tiene que ser menor que north, y west menor que east.",
    ),
    (
        "rows of one call are 'joined' or 'set aside', not {answer}.",
        "'rows of one call' es 'joined' o 'set aside', no {answer}.",
    ),
    ("'incidents' needs {keys}.", "'incidents' necesita {keys}."),
    (
        "'incidents' are told by numbers above 0.",
        "'incidents' se dice con números mayores que 0.",
    ),
    (
        "a column already tells the incident: keep that, or 'incidents', not both.",
        "una columna ya dice el incidente: deje esa, o 'incidents', no las dos.",
    ),
    (
        "a call is started by public, officer or unknown, not by {word}.",
        "una llamada la inicia public, officer o unknown, no {word}.",
    ),
    (
        "say after 'because:' why the codes mean this.",
        "diga después de 'because:' por qué los códigos significan esto.",
    ),
    (
        "name the codes, suffixes, dispositions or sources that this is about.",
        "nombre los códigos, sufijos, resultados u orígenes de los que trata.",
    ),
    (
        "the code {code} is already settled in line {line}: keep one of the two, or put the one "
        "with conditions first.",
        "el código {code} ya quedó dicho en la línea {line}: deje uno de los dos, o ponga primero "
        "el que tiene condiciones.",
    ),
    # Areas and people
    (
        "{file} is JSON but not a GeoJSON FeatureCollection: {advice}.",
        "{file} es JSON pero no un FeatureCollection de GeoJSON: {advice}.",
    ),
    ("export the areas as GeoJSON", "exporte las zonas en GeoJSON"),
    ("ask the service with f=geojson", "pídalo al servicio con f=geojson"),
    (
        "{where}, line {line}, column {column}: {what}",
        "{where}, línea {line}, columna {column}: {what}",
    ),
    ("{file}, feature {number}", "{file}, elemento {number}"),
    (
        "{file} has a number with thousands of digits, or brackets nested too deeply, which no "
        "areas need: export it again.",
        "{file} tiene un número de miles de cifras, o corchetes anidados de más, que ninguna zona "
        "necesita: expórtelo otra vez.",
    ),
    (
        "{file}: {count} no polygon and left out (the first is number {number}).",
        "{file}: {count} por no ser polígono (el primero es el número {number}).",
    ),
    ("1 feature is", "1 elemento quedó fuera"),
    ("{n} features are", "{n} elementos quedaron fuera"),
    (
        "{file}, feature {number}: its rings were no polygon ({why}) and were mended: look at it "
        "on a map.",
        "{file}, elemento {number}: sus anillos no formaban un polígono y se corrigieron: véalo en "
        "un mapa.",
    ),
    (
        "{file}, feature {number}: its {n} sides cross each other all over: draw it anew, or "
        "leave it out.",
        "{file}, elemento {number}: sus {n} lados se cruzan por todas partes: dibújelo de nuevo, o "
        "déjelo fuera.",
    ),
    (
        "{file}, feature {number} has no {column} and is called {name}: give it one.",
        "{file}, elemento {number} no tiene {column} y se llama {name}: póngale uno.",
    ),
    (
        "{file}: features {numbers} are all called {name} and are taken as one area, their "
        "numbers added.",
        "{file}: los elementos {numbers} se llaman todos {name} y se toman como una sola zona, con "
        "sus números sumados.",
    ),
    (
        "{one} and {other} overlap by {area} km2: places there count as {which}.",
        "{one} y {other} se enciman en {area} km2: los lugares de ahí cuentan como {which}.",
    ),
    (
        "{file} has no row for {names}: their numbers are not known.",
        "{file} no tiene fila para {names}: sus números no se conocen.",
    ),
    (
        "{file} has rows for {names}, which are no areas and were left out.",
        "{file} tiene filas para {names}, que no son zonas y quedaron fuera.",
    ),
    ("{names} and {n} more", "{names} y {n} más"),
    (
        "{file}: its {n} polygons have other names than the areas, so their numbers were shared "
        "out by ground, as if people lived evenly on it; {share} of its ground lies in areas.",
        "{file}: sus {n} polígonos tienen otros nombres que las zonas, así que sus números se "
        "repartieron por terreno, como si la gente viviera pareja en él; un {share} de su terreno "
        "queda en las zonas.",
    ),
    (
        "{file} is not text, so it is no GeoJSON: export the areas as GeoJSON (a shapefile can be "
        "converted with ogr2ogr).",
        "{file} no es texto, así que no es GeoJSON: exporte las zonas en GeoJSON (un shapefile se "
        "convierte con ogr2ogr).",
    ),
    (
        "{file} has no polygon in it, so it tells no areas: give a file of polygons.",
        "{file} no tiene ningún polígono, así que no dice ninguna zona: traiga un archivo de "
        "polígonos.",
    ),
    (
        "{file} has {n} areas and at most {most} can be used: give larger areas.",
        "{file} tiene {n} zonas y se pueden usar {most} como máximo: traiga zonas más grandes.",
    ),
    (
        "{file} has {n} columns and at most {most} can be used: leave out those that count nobody.",
        "{file} tiene {n} columnas y se pueden usar {most} como máximo: quite las que no cuentan a "
        "nadie.",
    ),
    (
        "{file} has a column whose name has {n} letters ({start} and so on) and at most {most} can "
        "be used: give it a shorter name.",
        "{file} tiene una columna cuyo nombre tiene {n} letras ({start} etcétera) y se pueden usar "
        "{most} como máximo: dele un nombre más corto.",
    ),
    (
        "{file} has two columns whose names differ only in signs that are no text: give each one a "
        "name of its own.",
        "{file} tiene dos columnas cuyos nombres solo se distinguen por signos que no son texto: "
        "dele a cada una un nombre propio.",
    ),
    (
        "{file} has more than {n} rows: give one row for each area.",
        "{file} tiene más de {n} filas: traiga una fila por zona.",
    ),
    (
        "this is not JSON, so the file is no GeoJSON or was cut short: export or fetch it again.",
        "esto no es JSON, así que el archivo no es GeoJSON o está cortado: expórtelo o tráigalo "
        "otra vez.",
    ),
    (
        "{file} is TopoJSON, not GeoJSON: export the areas as GeoJSON.",
        "{file} es TopoJSON, no GeoJSON: exporte las zonas en GeoJSON.",
    ),
    (
        "{place}: latitude and longitude are the wrong way round: GeoJSON has the longitude first, "
        "so export the file again.",
        "{place}: la latitud y la longitud están al revés: GeoJSON lleva primero la longitud; "
        "exporte el archivo otra vez.",
    ),
    (
        "{place}: coordinates like {x}, {y} are projected meters or feet and not degrees: export "
        "the file in WGS 84 (EPSG:4326).",
        "{place}: coordenadas como {x}, {y} son metros o pies proyectados y no grados: exporte el "
        "archivo en WGS 84 (EPSG:4326).",
    ),
    (
        "{file} does not say which column holds the name of an area: name one of those it has "
        "({columns}).",
        "{file} no dice qué columna tiene el nombre de una zona: nombre una de las que tiene "
        "({columns}).",
    ),
    (
        "{file} has areas that lie on each other by the hundreds: give one layer of areas, such "
        "as districts or neighborhoods.",
        "{file} tiene zonas que se enciman por cientos: traiga una sola capa de zonas, como "
        "distritos o barrios.",
    ),
    (
        "{file}: no name in its column {column} is the name of an area: give the column that "
        "holds them.",
        "{file}: ningún nombre de su columna {column} es el nombre de una zona: indique la columna "
        "que los tiene.",
    ),
    (
        "{file} has no row under its header: check the file.",
        "{file} no tiene ninguna fila debajo del encabezado: revise el archivo.",
    ),
    (
        "{file} has no column {column}: name one of those it has ({columns}).",
        "{file} no tiene la columna {column}: nombre una de las que tiene ({columns}).",
    ),
    (
        "{file} could not be read ({why}): check the path.",
        "{file} no se pudo leer ({why}): revise la ruta.",
    ),
    (
        "{file} has no column of numbers beside {column}: add one.",
        "{file} no tiene ninguna columna de números además de {column}: agregue una.",
    ),
    (
        "{file} has no column of numbers: add one.",
        "{file} no tiene ninguna columna de números: agregue una.",
    ),
    (
        "{file} has hundreds of polygons on each area: give larger ones.",
        "{file} tiene cientos de polígonos en cada zona: traiga otros más grandes.",
    ),
    (
        "{file} has no polygon that touches an area: is it of another city?",
        "{file} no tiene ningún polígono que toque una zona: ¿es de otra ciudad?",
    ),
    (
        "{file} is not text in UTF-8: save the table as CSV in UTF-8.",
        "{file} no es texto en UTF-8: guarde la tabla como CSV en UTF-8.",
    ),
    (
        "{file} is no CSV file ({why}): save it as CSV.",
        "{file} no es un archivo CSV ({why}): guárdelo como CSV.",
    ),
)
