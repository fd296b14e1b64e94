"""The words of what is wrong with a sheet or a workbook, by code; `{…}` is filled in."""

SHEET_TEXTS: dict[str, dict[str, str]] = {
    # A file
    "file.missing": {
        "en": "there is no such file; check the path",
        "es": "no hay tal archivo; revise la ruta",
    },
    "file.closed": {
        "en": "the file cannot be opened ({why}); check the path",
        "es": "el archivo no se puede abrir ({why}); revise la ruta",
    },
    "workbook.other": {
        "en": "this is no XLSX workbook, whatever its name says; open it in a spreadsheet program "
        "and save it there in the format XLSX, or give it the ending of what it is (.csv, .dmn, "
        ".yaml)",
        "es": "esto no es un libro XLSX, diga lo que diga su nombre; ábralo en un programa de "
        "hojas de cálculo y guárdelo allí en el formato XLSX, o dele la terminación de lo que es "
        "(.csv, .dmn, .yaml)",
    },
    "workbook.locked": {
        "en": "the workbook is locked with a password; save it without one",
        "es": "el libro está protegido con una contraseña; guárdelo sin ella",
    },
    "workbook.damaged": {
        "en": "the workbook is damaged; open it in a spreadsheet program, save it again, and give "
        "that",
        "es": "el libro está dañado; ábralo en un programa de hojas de cálculo, guárdelo de nuevo "
        "e indique ese",
    },
    "workbook.large": {
        "en": "the workbook holds far more than a policy; copy the policy's sheet into a new "
        "workbook, and give that",
        "es": "el libro contiene mucho más que una política; copie la hoja de la política a un "
        "libro nuevo e indique ese",
    },
    "sheet.none": {
        "en": "none of its sheets ({names}) has a cell [policy] in column A, with which a policy "
        "begins; add it, or give another workbook",
        "es": "ninguna de sus hojas ({names}) tiene en la columna A una celda [policy], con la que "
        "empieza una política; agréguela, o indique otro libro",
    },
    "sheet.several": {
        "en": "more than one of its sheets has a cell [policy] in column A ({names}); keep the one "
        "that counts, and delete the others, hidden ones too",
        "es": "más de una de sus hojas tiene en la columna A una celda [policy] ({names}); deje la "
        "que vale y elimine las otras, también las ocultas",
    },
    "sheet.merged": {
        "en": "merged cells say only once what each of them stands for ({ranges}); split them, and "
        "fill in every cell",
        "es": "las celdas combinadas dicen una sola vez lo que vale para cada una ({ranges}); "
        "sepárelas y rellene cada celda",
    },
    "sheet.fault": {
        "en": "this cell has the error {error}; mend its formula, or write the value itself",
        "es": "esta celda tiene el error {error}; corrija su fórmula, o escriba el valor mismo",
    },
    "sheet.formula": {
        "en": "the value of this formula is not in the file; open it in a spreadsheet program and "
        "save it again",
        "es": "el valor de esta fórmula no está en el archivo; ábralo en un programa de hojas de "
        "cálculo y guárdelo de nuevo",
    },
    "sheet.no-value": {
        "en": "{value} is no number, date or duration; write the value anew",
        "es": "{value} no es un número, una fecha ni una duración; escriba de nuevo el valor",
    },
    # Its frame
    "sheet.encoding": {
        "en": "this is not UTF-8; save the sheet as CSV UTF-8",
        "es": "esto no es UTF-8; guarde la hoja como CSV UTF-8",
    },
    "sheet.quote": {
        "en": "a quote in this row is never closed, or text follows it; double or remove it",
        "es": "en esta fila una comilla no se cierra, o le sigue texto; duplíquela o quítela",
    },
    "sheet.start": {
        "en": "the sheet must begin with [policy]; add it above",
        "es": "la hoja tiene que empezar con [policy]; agréguelo arriba",
    },
    "sheet.section": {
        "en": "a sheet has no section [{name}]; {hint}",
        "es": "una hoja no tiene ninguna sección [{name}]; {hint}",
    },
    "sheet.section-missing": {
        "en": "the sheet has no section [{name}]; add it",
        "es": "la hoja no tiene la sección [{name}]; agréguela",
    },
    "sheet.section-twice": {
        "en": "{name} stands here twice, first in row {row}; remove or rename one",
        "es": "{name} está dos veces, primero en la fila {row}; quite una o cámbiele el nombre",
    },
    "sheet.table-missing": {
        "en": "the sheet has no section [table …]; add one with rules",
        "es": "la hoja no tiene ninguna sección [table …]; agregue una con reglas",
    },
    "sheet.no-table": {
        "en": "there is no table {name}; {hint}",
        "es": "no hay ninguna tabla {name}; {hint}",
    },
    "sheet.no-owner": {
        "en": "there is no input or output {name}; {hint}",
        "es": "no hay ningún dato ni respuesta {name}; {hint}",
    },
    "sheet.name": {
        "en": "{name} is not a name that stands here; {hint}",
        "es": "{name} no es un nombre que vaya aquí; {hint}",
    },
    "sheet.no-name": {
        "en": "this is not a name that stands here; {hint}",
        "es": "esto no es un nombre que vaya aquí; {hint}",
    },
    "sheet.no-headings": {
        "en": "{name} has no headings; add {names}",
        "es": "{name} no tiene encabezados; agregue {names}",
    },
    "sheet.heading": {
        "en": "{name} is not a heading here; {hint}",
        "es": "{name} no es un encabezado de aquí; {hint}",
    },
    "sheet.heading-twice": {
        "en": "the heading {name} stands here twice; remove one",
        "es": "el encabezado {name} está dos veces; quite uno",
    },
    "sheet.heading-missing": {
        "en": "what has to stand in the row of headings is missing: {names}; add it",
        "es": "falta lo que tiene que estar en la fila de los encabezados: {names}; agréguelo",
    },
    # Its cells
    "sheet.stray": {
        "en": "this cell stands under no heading; give it one, or empty it",
        "es": "esta celda no está bajo ningún encabezado; póngale uno o vacíela",
    },
    "sheet.empty": {
        "en": "the cell is empty, as a merged cell leaves the ones below it; {what}",
        "es": "la celda está vacía, como deja una celda combinada las de abajo; {what}",
    },
    "sheet.all-empty": {
        "en": "the cells down to row {row} are empty, as a merged cell leaves the ones below it; "
        "{what}",
        "es": "las celdas hasta la fila {row} están vacías, como las deja una celda combinada; "
        "{what}",
    },
    "sheet.every-value": {
        "en": 'write "-" where every value will do',
        "es": 'escriba "-" donde cualquier valor sirve',
    },
    "sheet.fill": {"en": "fill it in", "es": "escriba lo que falta"},
    "sheet.two-numbers": {
        "en": "{text} may be one number or two; write {one}.{two} for one, or {one}, {two} for two",
        "es": "{text} puede ser un número o dos; escriba {one}.{two} si es uno, o {one}, {two} si "
        "son dos",
    },
    "sheet.comma": {
        "en": "{text} has a comma; write numbers with a point, as in {example}",
        "es": "{text} tiene una coma; escriba los números con punto, como en {example}",
    },
}
