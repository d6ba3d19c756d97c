<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Gallery Search</name>
    <message>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <source>&amp;Keep only this one</source>
        <translation>&amp;Nur dieses behalten</translation>
    </message>
    <message>
        <source>&amp;Move to the trash…</source>
        <translation>In den &amp;Papierkorb…</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Move {count} photos ({size}) to the trash…</source>
        <translation>
            <numerusform>{count} Foto ({size}) in den &amp;Papierkorb…</numerusform>
            <numerusform>{count} Fotos ({size}) in den &amp;Papierkorb…</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Of each group keep:</source>
        <translation>Von jeder &amp;Gruppe behalten:</translation>
    </message>
    <message>
        <source>&amp;Remember what I search for</source>
        <translation>&amp;Merken, wonach ich suche</translation>
    </message>
    <message>
        <source>&amp;Search again</source>
        <translation>&amp;Erneut suchen</translation>
    </message>
    <message>
        <source>,</source>
        <comment>the sign between groups of three digits</comment>
        <translation>.</translation>
    </message>
    <message>
        <source>.</source>
        <comment>the sign between a number's whole and its rest</comment>
        <translation>,</translation>
    </message>
    <message>
        <source>A backup in {folder} was not written as it should be ({problem}). Check the disk.</source>
        <translation>Eine Sicherung in {folder} wurde nicht richtig geschrieben ({problem}). Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <source>A click or Enter searches again, Delete removes a search from this list, and F2 renames a saved one.</source>
        <translation>Ein Klick oder die Eingabetaste sucht erneut, Entf nimmt eine Suche aus der Liste, und F2 benennt eine gespeicherte um.</translation>
    </message>
    <message>
        <source>A command is at work on this library. Open the window when it has finished.</source>
        <translation>Ein Befehl arbeitet gerade mit dieser Bibliothek. Öffnen Sie das Fenster, wenn er fertig ist.</translation>
    </message>
    <message>
        <source>a photo</source>
        <translation>ein Foto</translation>
    </message>
    <message>
        <source>A query can have at most {count} parts. Remove one of them first.</source>
        <translation>Eine Suche kann höchstens {count} Teile haben. Entfernen Sie zuerst einen davon.</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Adds less</source>
        <translation>Trägt weniger</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>All, until I mark them</source>
        <translation>alle, bis ich sie markiere</translation>
    </message>
    <message>
        <source>Allow this program to write to {folder}, then download again.</source>
        <translation>Erlauben Sie diesem Programm, in {folder} zu schreiben, und laden Sie dann erneut herunter.</translation>
    </message>
    <message>
        <source>Another Gallery Search is using the library {folder}.</source>
        <translation>Ein anderes Gallery Search benutzt die Bibliothek {folder}.</translation>
    </message>
    <message>
        <source>Another Gallery Search is using this library and does not answer. Wait until it has finished, or close it.</source>
        <translation>Ein anderes Gallery Search benutzt diese Bibliothek und antwortet nicht. Warten Sie, bis es fertig ist, oder schließen Sie es.</translation>
    </message>
    <message>
        <source>Another network answers by now. Search again to see what matches.</source>
        <translation>Inzwischen antwortet ein anderes Netz. Suchen Sie erneut, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <source>Another network took over. Search again.</source>
        <translation>Ein anderes Netz hat übernommen. Suchen Sie erneut.</translation>
    </message>
    <message>
        <source>Another program</source>
        <translation>Ein anderes Programm</translation>
    </message>
    <message>
        <source>any</source>
        <comment>no limit is set</comment>
        <translation>beliebig</translation>
    </message>
    <message>
        <source>Ask who runs this network to allow {host}, or try another network: its proxy does not connect to it (error {code}).</source>
        <translation>Bitten Sie den Betreiber dieses Netzwerks, {host} zuzulassen, oder versuchen Sie es über ein anderes Netzwerk: Sein Proxy verbindet nicht dorthin (Fehler {code}).</translation>
    </message>
    <message>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>At most {count} searches can be saved. Remove one of them first.</source>
        <translation>Es können höchstens {count} Suchen gespeichert werden. Entfernen Sie zuerst eine davon.</translation>
    </message>
    <message>
        <source>attempt to write a readonly database</source>
        <translation>Schreibversuch in eine schreibgeschützte Datenbank</translation>
    </message>
    <message>
        <source>Back to library</source>
        <translation>Zur Bibliothek</translation>
    </message>
    <message>
        <source>Back to library (Esc)</source>
        <translation>Zurück zur Bibliothek (Esc)</translation>
    </message>
    <message>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <source>Bad file descriptor</source>
        <translation>ungültiger Dateideskriptor</translation>
    </message>
    <message numerus="yes">
        <source>Brought {count} photos back.</source>
        <translation>
            <numerusform>{count} Foto ist wieder da.</numerusform>
            <numerusform>{count} Fotos sind wieder da.</numerusform>
        </translation>
    </message>
    <message>
        <source>Brought “{name}” back.</source>
        <translation>„{name}“ ist wieder da.</translation>
    </message>
    <message>
        <source>C&amp;lear recent searches…</source>
        <translation>&amp;Letzte Suchen löschen…</translation>
    </message>
    <message>
        <source>Ca&amp;ncel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Cannot allocate memory</source>
        <translation>nicht genügend Arbeitsspeicher</translation>
    </message>
    <message>
        <source>certificate has expired</source>
        <translation>das Zertifikat ist abgelaufen</translation>
    </message>
    <message>
        <source>certificate is not yet valid</source>
        <translation>das Zertifikat ist noch nicht gültig</translation>
    </message>
    <message>
        <source>Changed {when}</source>
        <translation>Geändert {when}</translation>
    </message>
    <message>
        <source>Check the disk of {folder}: {file}: {reason}.</source>
        <translation>Prüfen Sie den Datenträger von {folder}: {file}: {reason}.</translation>
    </message>
    <message>
        <source>Check the internet connection, the proxy settings and the firewall, then try again: {host} cannot be reached.</source>
        <translation>Prüfen Sie Internetverbindung, Proxy-Einstellungen und Firewall, und versuchen Sie es dann noch einmal: {host} ist nicht zu erreichen.</translation>
    </message>
    <message>
        <source>Check this computer's date and time, and in a browser whether the network asks for a login first: the certificate of {host} is not trusted ({reason}).</source>
        <translation>Prüfen Sie Datum und Uhrzeit dieses Computers und in einem Browser, ob das Netzwerk erst eine Anmeldung verlangt: Dem Zertifikat von {host} wird nicht vertraut ({reason}).</translation>
    </message>
    <message>
        <source>Choose another disk: files as large as {file} do not fit into the file system of {folder}, or are not allowed there.</source>
        <translation>Wählen Sie einen anderen Datenträger: So große Dateien wie {file} passen nicht in das Dateisystem von {folder} oder sind dort nicht erlaubt.</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message numerus="yes">
        <source>Comparing {count} photos</source>
        <translation>
            <numerusform>{count} Foto im Vergleich</numerusform>
            <numerusform>{count} Fotos im Vergleich</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Comparing: {done} of {count} photos</source>
        <translation>
            <numerusform>Vergleich: {done} von {count} Foto</numerusform>
            <numerusform>Vergleich: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <source>Connection reset by peer</source>
        <translation>Verbindung von der Gegenseite abgebrochen</translation>
    </message>
    <message>
        <source>converted, it gives other embeddings than the original (cosine {cosine}), so it is not used. Choose another device.</source>
        <translation>umgewandelt rechnet es nicht so genau wie das Original (Kosinus {cosine}) und wird daher nicht benutzt. Wählen Sie ein anderes Gerät.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy image</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy paths</source>
        <translation>Pfade kopieren</translation>
    </message>
    <message>
        <source>Copy the image in the browser and paste it here.</source>
        <translation>Kopieren Sie das Bild im Browser, und fügen Sie es hier ein.</translation>
    </message>
    <message>
        <source>Copy to folder…</source>
        <translation>In Ordner kopieren…</translation>
    </message>
    <message>
        <source>Copying the image of “{name}”…</source>
        <translation>Das Bild von „{name}“ wird kopiert…</translation>
    </message>
    <message>
        <source>d MMMM yyyy</source>
        <comment>format of a date, as Qt writes it</comment>
        <translation>d. MMMM yyyy</translation>
    </message>
    <message>
        <source>database disk image is malformed</source>
        <translation>die Datenbank ist beschädigt</translation>
    </message>
    <message>
        <source>database is locked</source>
        <translation>die Datenbank ist gesperrt</translation>
    </message>
    <message>
        <source>database or disk is full</source>
        <translation>Datenbank oder Datenträger ist voll</translation>
    </message>
    <message>
        <source>Date taken</source>
        <translation>Aufnahmedatum</translation>
    </message>
    <message>
        <source>Delete</source>
        <comment>key</comment>
        <translation>Entf</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Device or resource busy</source>
        <translation>Gerät oder Datei ist belegt</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>Abmessungen</translation>
    </message>
    <message>
        <source>Dimensions, at least</source>
        <translation>Abmessungen, mindestens</translation>
    </message>
    <message>
        <source>Directory not empty</source>
        <translation>Ordner nicht leer</translation>
    </message>
    <message>
        <source>disk I/O error</source>
        <translation>Ein-/Ausgabefehler des Datenträgers</translation>
    </message>
    <message>
        <source>Disk quota exceeded</source>
        <translation>zugeteilter Speicherplatz aufgebraucht</translation>
    </message>
    <message>
        <source>Download again later: what {host} sent is not the file that was published (its checksum is wrong), so it was thrown away.</source>
        <translation>Laden Sie später erneut herunter: Was {host} gesendet hat, ist nicht die veröffentlichte Datei (die Prüfsumme ist falsch) und wurde verworfen.</translation>
    </message>
    <message>
        <source>Download again later: {host} sends more than the {expected} that the file may have, so it was thrown away.</source>
        <translation>Laden Sie später erneut herunter: {host} sendet mehr als die {expected}, die die Datei haben darf; es wurde verworfen.</translation>
    </message>
    <message>
        <source>Download again later: {host} sends no part of the file.</source>
        <translation>Laden Sie später erneut herunter: {host} sendet keinen Teil der Datei.</translation>
    </message>
    <message>
        <source>Download {url} with a browser, if you trust it: its server passes the download on in a circle, or to an address that is not safe.</source>
        <translation>Laden Sie {url} mit einem Browser herunter, wenn Sie der Adresse vertrauen: Ihr Server leitet im Kreis oder an eine unsichere Adresse weiter.</translation>
    </message>
    <message>
        <source>Download {url} with a browser: {host} sends the file in a way that this program does not understand ({status}, {coding}).</source>
        <translation>Laden Sie {url} mit einem Browser herunter: {host} sendet die Datei auf eine Weise, die dieses Programm nicht versteht ({status}, {coding}).</translation>
    </message>
    <message>
        <source>Draw a rectangle. Arrows move it, with Shift they resize it.</source>
        <translation>Ziehen Sie ein Rechteck auf. Pfeiltasten verschieben es, mit Umschalt ändern sie die Größe.</translation>
    </message>
    <message>
        <source>Dropped image</source>
        <translation>Abgelegtes Bild</translation>
    </message>
    <message>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <source>E</source>
        <comment>east</comment>
        <translation>O</translation>
    </message>
    <message>
        <source>Earliest</source>
        <translation>Am frühesten</translation>
    </message>
    <message>
        <source>Edited copies of a picture, such as smaller, sharper or grey ones. Large and slow: best with a graphics card.</source>
        <translation>Bearbeitete Kopien eines Bildes, etwa kleinere, schärfere oder graue. Groß und langsam: am besten mit einer Grafikkarte.</translation>
    </message>
    <message>
        <source>Esc</source>
        <comment>key</comment>
        <translation>Esc</translation>
    </message>
    <message>
        <source>Exec format error</source>
        <translation>kein ausführbares Programm</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>File exists</source>
        <translation>Datei existiert bereits</translation>
    </message>
    <message>
        <source>file is not a database</source>
        <translation>die Datei ist keine Datenbank</translation>
    </message>
    <message>
        <source>File name too long</source>
        <translation>Dateiname zu lang</translation>
    </message>
    <message>
        <source>File size</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <source>File too large</source>
        <translation>Datei zu groß</translation>
    </message>
    <message>
        <source>Filters are set. They apply to the next search.</source>
        <translation>Es sind Filter gesetzt. Sie gelten für die nächste Suche.</translation>
    </message>
    <message>
        <source>Find similar</source>
        <translation>Ähnliche suchen</translation>
    </message>
    <message>
        <source>Fit all</source>
        <translation>Alle einpassen</translation>
    </message>
    <message>
        <source>Fit to the window</source>
        <translation>Ins Fenster einpassen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Forget all recent searches?</source>
        <translation>Alle letzten Suchen löschen?</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Half precision was not enough for a photo, so the device “{device}” computes with full precision from now on.</source>
        <translation>Halbe Genauigkeit reichte für ein Foto nicht aus, daher rechnet das Gerät „{device}“ ab jetzt mit voller Genauigkeit.</translation>
    </message>
    <message>
        <source>hatched: {what}</source>
        <translation>schraffiert: {what}</translation>
    </message>
    <message>
        <source>HEIC photos cannot be read here: the package pi-heif is missing or does not fit this version of Python.</source>
        <translation>HEIC-Fotos können hier nicht gelesen werden: Das Paket pi-heif fehlt oder passt nicht zu dieser Python-Version.</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <source>Host is down</source>
        <translation>Rechner nicht erreichbar</translation>
    </message>
    <message>
        <source>How similar</source>
        <translation>Wie ähnlich</translation>
    </message>
    <message>
        <source>Image searched for</source>
        <translation>Suchbild</translation>
    </message>
    <message>
        <source>Image searched for, and what matches in it</source>
        <translation>Suchbild und was darin übereinstimmt</translation>
    </message>
    <message>
        <source>Image with the part to search for</source>
        <translation>Bild mit dem Ausschnitt, nach dem gesucht wird</translation>
    </message>
    <message>
        <source>Indexing is paused. Resume it in the window, then try again.</source>
        <translation>Das Einlesen ist angehalten. Setzen Sie es im Fenster fort, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>Indexing then goes on by itself.</source>
        <translation>Danach geht das Einlesen von selbst weiter.</translation>
    </message>
    <message>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <source>Invalid argument</source>
        <translation>ungültiges Argument</translation>
    </message>
    <message>
        <source>Invalid cross-device link</source>
        <translation>ungültiger Link über Datenträger hinweg</translation>
    </message>
    <message>
        <source>Is a directory</source>
        <translation>ist ein Ordner</translation>
    </message>
    <message>
        <source>it cannot be read ({reason})</source>
        <translation>sie kann nicht gelesen werden ({reason})</translation>
    </message>
    <message>
        <source>it has no {name}, which is {shape} in this network</source>
        <translation>ihr fehlt {name}, das in diesem Netz {shape} ist</translation>
    </message>
    <message>
        <source>it has {name} {shape}, which this network has not</source>
        <translation>sie enthält {name} {shape}, das dieses Netz nicht hat</translation>
    </message>
    <message>
        <source>it holds no entries with names</source>
        <translation>sie enthält keine benannten Einträge</translation>
    </message>
    <message>
        <source>it holds Python code, which is never run</source>
        <translation>sie enthält Python-Code, der nie ausgeführt wird</translation>
    </message>
    <message>
        <source>it is a compressed archive</source>
        <translation>sie ist ein komprimiertes Archiv</translation>
    </message>
    <message>
        <source>it is a pickle without weights</source>
        <translation>sie ist ein Pickle ohne Gewichte</translation>
    </message>
    <message>
        <source>it is a TorchScript program, which is never run; only weights are read</source>
        <translation>sie ist ein TorchScript-Programm, das nie ausgeführt wird; nur Gewichte werden gelesen</translation>
    </message>
    <message>
        <source>it is a web page</source>
        <translation>sie ist eine Webseite</translation>
    </message>
    <message>
        <source>it is an archive without weights</source>
        <translation>sie ist ein Archiv ohne Gewichte</translation>
    </message>
    <message>
        <source>it is an image</source>
        <translation>sie ist ein Bild</translation>
    </message>
    <message>
        <source>it is damaged or incomplete</source>
        <translation>sie ist beschädigt oder unvollständig</translation>
    </message>
    <message>
        <source>it is empty</source>
        <translation>sie ist leer</translation>
    </message>
    <message>
        <source>it is not a file of PyTorch or safetensors</source>
        <translation>sie ist keine Datei von PyTorch oder safetensors</translation>
    </message>
    <message>
        <source>it only points to the weights, as Git LFS does</source>
        <translation>sie verweist nur auf die Gewichte, wie Git LFS es tut</translation>
    </message>
    <message>
        <source>it took longer than {seconds} seconds</source>
        <translation>es dauerte länger als {seconds} Sekunden</translation>
    </message>
    <message>
        <source>its entry {name} is not a plain tensor</source>
        <translation>ihr Eintrag {name} ist kein einfacher Tensor</translation>
    </message>
    <message>
        <source>its entry {name} is not a tensor</source>
        <translation>ihr Eintrag {name} ist kein Tensor</translation>
    </message>
    <message>
        <source>its memory is too small for a single photo.</source>
        <translation>sein Speicher ist zu klein für ein einziges Foto.</translation>
    </message>
    <message>
        <source>its preview, {width} × {height}</source>
        <translation>seine Vorschau, {width} × {height}</translation>
    </message>
    <message>
        <source>its tables are not those that were made</source>
        <translation>ihre Tabellen sind nicht die, die angelegt wurden</translation>
    </message>
    <message>
        <source>its weights are damaged: they give no embeddings.</source>
        <translation>seine Gewichte sind beschädigt und liefern keine Ergebnisse.</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the last 100 searches on this computer, with small pictures</source>
        <translation>Die letzten 100 Suchen mit kleinen Bildern auf diesem Computer behalten</translation>
    </message>
    <message>
        <source>Kinds of duplicates</source>
        <translation>Arten von Duplikaten</translation>
    </message>
    <message>
        <source>Largest file</source>
        <translation>Größte Datei</translation>
    </message>
    <message>
        <source>Largest file size</source>
        <translation>Höchstgröße der Datei</translation>
    </message>
    <message>
        <source>Least file size</source>
        <translation>Mindestgröße der Datei</translation>
    </message>
    <message>
        <source>Least height</source>
        <translation>Mindesthöhe</translation>
    </message>
    <message>
        <source>Least width</source>
        <translation>Mindestbreite</translation>
    </message>
    <message>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <source>less</source>
        <comment>similar</comment>
        <translation>weniger</translation>
    </message>
    <message>
        <source>Less like this</source>
        <translation>Weniger davon</translation>
    </message>
    <message>
        <source>Less like this; click for more (+)</source>
        <translation>Weniger davon; ein Klick wechselt zu mehr (+)</translation>
    </message>
    <message>
        <source>Look alike</source>
        <translation>Gleiches Aussehen</translation>
    </message>
    <message>
        <source>Look for a newer version of this program: the file at {host} is not the one that it knows ({size} instead of {expected}).</source>
        <translation>Suchen Sie nach einer neueren Version dieses Programms: Die Datei bei {host} ist nicht die, die es kennt ({size} statt {expected}).</translation>
    </message>
    <message>
        <source>Look for a newer version of this program: the file is not at {url} (any more).</source>
        <translation>Suchen Sie nach einer neueren Version dieses Programms: Die Datei ist nicht (mehr) unter {url} zu finden.</translation>
    </message>
    <message>
        <source>Looking for duplicates…</source>
        <translation>Duplikate werden gesucht…</translation>
    </message>
    <message>
        <source>Looking for what matches…</source>
        <translation>Übereinstimmungen werden gesucht…</translation>
    </message>
    <message>
        <source>Make room on the disk of {folder}, then download again.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger von {folder}, und laden Sie dann erneut herunter.</translation>
    </message>
    <message>
        <source>Make room on the disk of {folder}: the download needs {needed}, and {free} are free.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger von {folder}: Der Download braucht {needed}, frei sind {free}.</translation>
    </message>
    <message>
        <source>Meant for copies of one picture: cut, filtered, with text or inside another picture. Not for photos of like things. Not measured here.</source>
        <translation>Gedacht für Kopien eines Bildes: beschnitten, gefiltert, mit Text oder in einem anderen Bild. Nicht für Fotos ähnlicher Dinge. Hier nicht gemessen.</translation>
    </message>
    <message>
        <source>Meant for photos of the same object or place from other sides. How well it does here has not been measured.</source>
        <translation>Gedacht für Fotos desselben Gegenstands oder Orts von anderen Seiten. Wie gut es hier ist, wurde nicht gemessen.</translation>
    </message>
    <message>
        <source>more</source>
        <comment>similar</comment>
        <translation>mehr</translation>
    </message>
    <message>
        <source>More like this</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <source>More like this; click for less (−)</source>
        <translation>Mehr davon; ein Klick wechselt zu weniger (−)</translation>
    </message>
    <message>
        <source>more to the similarity</source>
        <translation>mehr zur Ähnlichkeit bei</translation>
    </message>
    <message>
        <source>Most pixels</source>
        <translation>Meiste Pixel</translation>
    </message>
    <message>
        <source>Most pixels, then the largest file, the oldest date, the shortest path</source>
        <translation>Meiste Pixel, dann größte Datei, ältestes Datum, kürzester Pfad</translation>
    </message>
    <message>
        <source>Move to trash</source>
        <translation>In den Papierkorb verschieben</translation>
    </message>
    <message>
        <source>Move to trash…</source>
        <translation>In den Papierkorb verschieben…</translation>
    </message>
    <message numerus="yes">
        <source>Move {count} photos ({size}) to the trash?</source>
        <translation>
            <numerusform>{count} Foto ({size}) in den Papierkorb verschieben?</numerusform>
            <numerusform>{count} Fotos ({size}) in den Papierkorb verschieben?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Move {count} photos to the trash?</source>
        <translation>
            <numerusform>{count} Foto in den Papierkorb verschieben?</numerusform>
            <numerusform>{count} Fotos in den Papierkorb verschieben?</numerusform>
        </translation>
    </message>
    <message>
        <source>Move “{name}” in “{folder}” to the trash?</source>
        <translation>„{name}“ in „{folder}“ in den Papierkorb verschieben?</translation>
    </message>
    <message>
        <source>Move “{name}” to the trash?</source>
        <translation>„{name}“ in den Papierkorb verschieben?</translation>
    </message>
    <message numerus="yes">
        <source>Moved {count} photos to the trash.</source>
        <translation>
            <numerusform>{count} Foto wurde in den Papierkorb verschoben.</numerusform>
            <numerusform>{count} Fotos wurden in den Papierkorb verschoben.</numerusform>
        </translation>
    </message>
    <message>
        <source>Moved “{name}” to the trash.</source>
        <translation>„{name}“ wurde in den Papierkorb verschoben.</translation>
    </message>
    <message>
        <source>Moving photos…</source>
        <translation>Fotos werden verschoben…</translation>
    </message>
    <message>
        <source>N</source>
        <comment>north</comment>
        <translation>N</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <source>Near-identical</source>
        <translation>Nahezu gleich</translation>
    </message>
    <message>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <source>No backup could be made in {folder}: {reason}.</source>
        <translation>In {folder} konnte keine Sicherung angelegt werden: {reason}.</translation>
    </message>
    <message>
        <source>No duplicates were found.</source>
        <translation>Es wurden keine Duplikate gefunden.</translation>
    </message>
    <message>
        <source>No file can have this name.</source>
        <translation>Keine Datei kann so heißen.</translation>
    </message>
    <message>
        <source>No file is there twice.</source>
        <translation>Keine Datei ist doppelt vorhanden.</translation>
    </message>
    <message>
        <source>No network is loaded.</source>
        <translation>Es ist kein Netz geladen.</translation>
    </message>
    <message>
        <source>No part of this photo is like the query</source>
        <translation>Kein Teil dieses Fotos ähnelt dem Suchbild</translation>
    </message>
    <message>
        <source>No photo passes the filters. Clear them to see all.</source>
        <translation>Kein Foto entspricht den Filtern. Heben Sie sie auf, um alle zu sehen.</translation>
    </message>
    <message>
        <source>No photos look so much alike that they could be copies.</source>
        <translation>Keine Fotos sehen so gleich aus, dass sie Kopien sein könnten.</translation>
    </message>
    <message>
        <source>No program on this computer opens “{name}”.</source>
        <translation>Kein Programm auf diesem Computer öffnet „{name}“.</translation>
    </message>
    <message>
        <source>No route to host</source>
        <translation>kein Weg zum Rechner</translation>
    </message>
    <message>
        <source>No space left on device</source>
        <translation>kein Platz mehr auf dem Datenträger</translation>
    </message>
    <message>
        <source>No such device</source>
        <translation>Gerät nicht gefunden</translation>
    </message>
    <message>
        <source>No such device or address</source>
        <translation>Gerät oder Adresse nicht gefunden</translation>
    </message>
    <message>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <source>Nobody waits for the end of indexing any more.</source>
        <translation>Auf das Ende des Einlesens wartet niemand mehr.</translation>
    </message>
    <message>
        <source>none stated (torchvision; trained on ImageNet)</source>
        <translation>keine angegeben (torchvision; mit ImageNet trainiert)</translation>
    </message>
    <message>
        <source>Not a directory</source>
        <translation>ist kein Ordner</translation>
    </message>
    <message>
        <source>Not all data of {network} could be deleted: {reason}.</source>
        <translation>Nicht alle Daten von {network} konnten gelöscht werden: {reason}.</translation>
    </message>
    <message>
        <source>not seen by the network</source>
        <translation>vom Netz nicht gesehen</translation>
    </message>
    <message>
        <source>not with {network}</source>
        <translation>nicht mit {network}</translation>
    </message>
    <message>
        <source>Nothing goes to the trash but what you mark</source>
        <translation>In den Papierkorb kommt nur, was Sie markieren</translation>
    </message>
    <message>
        <source>Nothing was searched for yet.</source>
        <translation>Bisher wurde nichts gesucht.</translation>
    </message>
    <message numerus="yes">
        <source>Of each of the {count} groups at least one photo is kept. You can undo this, or bring them back from the system's trash.</source>
        <translation>
            <numerusform>Von der Gruppe wird mindestens ein Foto behalten. Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</numerusform>
            <numerusform>Von jeder der {count} Gruppen wird mindestens ein Foto behalten. Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</numerusform>
        </translation>
    </message>
    <message>
        <source>One photo of each group is always kept.</source>
        <translation>Ein Foto jeder Gruppe wird immer behalten.</translation>
    </message>
    <message>
        <source>Only in these folders</source>
        <translation>Nur in diesen Ordnern</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a browser and see whether this network asks for a login, then try again: in place of the file came a web page from {host}.</source>
        <translation>Öffnen Sie einen Browser, und sehen Sie nach, ob dieses Netzwerk eine Anmeldung verlangt; versuchen Sie es dann noch einmal: Statt der Datei kam eine Webseite von {host}.</translation>
    </message>
    <message>
        <source>Open with</source>
        <translation>Öffnen mit</translation>
    </message>
    <message>
        <source>Open with…</source>
        <translation>Öffnen mit…</translation>
    </message>
    <message>
        <source>Open “{name}” with:</source>
        <translation>„{name}“ öffnen mit:</translation>
    </message>
    <message>
        <source>Operation not permitted</source>
        <translation>Vorgang nicht erlaubt</translation>
    </message>
    <message>
        <source>Operation not supported</source>
        <translation>Vorgang nicht unterstützt</translation>
    </message>
    <message>
        <source>Page Down</source>
        <comment>key</comment>
        <translation>Bild ab</translation>
    </message>
    <message>
        <source>Page Up</source>
        <comment>key</comment>
        <translation>Bild auf</translation>
    </message>
    <message>
        <source>Part of a photo</source>
        <translation>Teil eines Fotos</translation>
    </message>
    <message>
        <source>Part of {name}</source>
        <translation>Teil von {name}</translation>
    </message>
    <message>
        <source>Pasted image</source>
        <translation>Eingefügtes Bild</translation>
    </message>
    <message>
        <source>Permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <source>Photo {name}</source>
        <translation>Foto {name}</translation>
    </message>
    <message>
        <source>photo {photos}, group {groups}</source>
        <translation>Foto {photos}, Gruppe {groups}</translation>
    </message>
    <message>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <source>Photos that show the same thing, and edited copies. Fast on any computer.</source>
        <translation>Fotos, die dasselbe zeigen, und bearbeitete Kopien. Auf jedem Computer schnell.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <source>Plus and minus say whether it is wanted, the arrow keys change its weight, Delete removes it.</source>
        <translation>Plus und Minus sagen, ob es erwünscht ist, die Pfeiltasten ändern das Gewicht, Entf entfernt es.</translation>
    </message>
    <message>
        <source>Previous photo</source>
        <translation>Vorheriges Foto</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>Programme</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Put name and password into the proxy settings (http://name:password@server:port), or use another network: the proxy of this network asks for a login.</source>
        <translation>Tragen Sie Name und Kennwort in die Proxy-Einstellungen ein (http://name:password@server:port), oder benutzen Sie ein anderes Netzwerk: Der Proxy dieses Netzwerks verlangt eine Anmeldung.</translation>
    </message>
    <message>
        <source>Query: {name}</source>
        <translation>Suche: {name}</translation>
    </message>
    <message>
        <source>RAW photos cannot be read here: the package rawpy is missing or does not fit this version of Python.</source>
        <translation>RAW-Fotos können hier nicht gelesen werden: Das Paket rawpy fehlt oder passt nicht zu dieser Python-Version.</translation>
    </message>
    <message>
        <source>Read-only file system</source>
        <translation>Datenträger ist schreibgeschützt</translation>
    </message>
    <message>
        <source>Recent searches</source>
        <translation>Letzte Suchen</translation>
    </message>
    <message>
        <source>Recent searches are not kept.</source>
        <translation>Letzte Suchen werden nicht aufbewahrt.</translation>
    </message>
    <message>
        <source>Refine</source>
        <translation>Verfeinern</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>Remove (Delete)</source>
        <translation>Entfernen (Entf)</translation>
    </message>
    <message>
        <source>Remove the saved search “{name}”?</source>
        <translation>Die gespeicherte Suche „{name}“ entfernen?</translation>
    </message>
    <message>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Rename the search</source>
        <translation>Suche umbenennen</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Resource temporarily unavailable</source>
        <translation>zurzeit nicht verfügbar</translation>
    </message>
    <message>
        <source>S</source>
        <comment>south</comment>
        <translation>S</translation>
    </message>
    <message>
        <source>Same file</source>
        <translation>Gleiche Datei</translation>
    </message>
    <message>
        <source>Same kind</source>
        <translation>Gleiche Art</translation>
    </message>
    <message>
        <source>Same scene</source>
        <translation>Gleiche Szene</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>Save this search</source>
        <translation>Diese Suche speichern</translation>
    </message>
    <message>
        <source>Saved as “{name}”.</source>
        <translation>Als „{name}“ gespeichert.</translation>
    </message>
    <message>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <source>saved {when}</source>
        <translation>gespeichert: {when}</translation>
    </message>
    <message>
        <source>Search a part of the image</source>
        <translation>Nach einem Ausschnitt des Bildes suchen</translation>
    </message>
    <message>
        <source>Search a part…</source>
        <translation>Ausschnitt suchen…</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <source>search again first</source>
        <translation>zuerst erneut suchen</translation>
    </message>
    <message>
        <source>Search again, with what has been indexed since</source>
        <translation>Erneut suchen, mit allem, was seither eingelesen wurde</translation>
    </message>
    <message>
        <source>Search all photos again</source>
        <translation>Wieder alle Fotos durchsuchen</translation>
    </message>
    <message>
        <source>Search by words</source>
        <translation>Mit Worten suchen</translation>
    </message>
    <message>
        <source>Search for a part of this image (Ctrl+R)</source>
        <translation>Nach einem Ausschnitt dieses Bildes suchen (Strg+R)</translation>
    </message>
    <message>
        <source>Search for an image first. Then say here how similar photos must be.</source>
        <translation>Suchen Sie zuerst mit einem Bild. Dann legen Sie hier fest, wie ähnlich Fotos sein müssen.</translation>
    </message>
    <message>
        <source>Search this part</source>
        <translation>Diesen Ausschnitt suchen</translation>
    </message>
    <message>
        <source>Searches</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Searching by words, in English, and photos of the same subject. Less for finding one certain picture. Not measured here.</source>
        <translation>Suchen mit englischen Worten und Fotos desselben Motivs. Weniger, um ein bestimmtes Bild zu finden. Hier nicht gemessen.</translation>
    </message>
    <message>
        <source>Searching with the new filters…</source>
        <translation>Suche mit den neuen Filtern läuft…</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <source>Select at most {limit} photos for that.</source>
        <translation>Wählen Sie dafür höchstens {limit} Fotos aus.</translation>
    </message>
    <message>
        <source>Select one photo to copy it as an image.</source>
        <translation>Wählen Sie ein einzelnes Foto aus, um es als Bild zu kopieren.</translation>
    </message>
    <message>
        <source>self-signed certificate</source>
        <translation>selbst signiertes Zertifikat</translation>
    </message>
    <message>
        <source>self-signed certificate in certificate chain</source>
        <translation>selbst signiertes Zertifikat in der Kette</translation>
    </message>
    <message>
        <source>Set an HTTP proxy, or download {url} with a browser: this computer's settings name a {kind} proxy, which this program cannot use.</source>
        <translation>Stellen Sie einen HTTP-Proxy ein, oder laden Sie {url} mit einem Browser herunter: Die Einstellungen dieses Computers nennen einen {kind}-Proxy, den dieses Programm nicht benutzen kann.</translation>
    </message>
    <message>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>Show also what was found and is less similar</source>
        <translation>Auch zeigen, was gefunden wurde und weniger ähnlich ist</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Show near-identical</source>
        <translation>Nahezu gleiche zeigen</translation>
    </message>
    <message>
        <source>Show same kind</source>
        <translation>Gleiche Art zeigen</translation>
    </message>
    <message>
        <source>Show same scene</source>
        <translation>Gleiche Szene zeigen</translation>
    </message>
    <message>
        <source>Show what matches</source>
        <translation>Übereinstimmungen zeigen</translation>
    </message>
    <message numerus="yes">
        <source>Show {count} more</source>
        <translation>
            <numerusform>{count} weiteres zeigen</numerusform>
            <numerusform>{count} weitere zeigen</numerusform>
        </translation>
    </message>
    <message>
        <source>Shown by</source>
        <translation>Zu sehen</translation>
    </message>
    <message>
        <source>Size of the photos</source>
        <translation>Größe der Fotos</translation>
    </message>
    <message>
        <source>Size of the photos (Ctrl and the mouse wheel)</source>
        <translation>Größe der Fotos (Strg und Mausrad)</translation>
    </message>
    <message>
        <source>Slow computers and very large collections: small and quick, but the least exact.</source>
        <translation>Langsame Computer und sehr große Sammlungen: klein und schnell, aber am wenigsten genau.</translation>
    </message>
    <message>
        <source>snowy mountain at dusk</source>
        <translation>snowy mountain at dusk</translation>
    </message>
    <message>
        <source>Something went wrong in the Gallery Search that has this library open. The details are in its log.</source>
        <translation>In dem Gallery Search, das diese Bibliothek geöffnet hat, ist etwas schiefgegangen. Näheres steht in seinem Protokoll.</translation>
    </message>
    <message>
        <source>Something went wrong in the program. The details are in its log.</source>
        <translation>Im Programm ist etwas schiefgegangen. Näheres steht in seinem Protokoll.</translation>
    </message>
    <message>
        <source>Something went wrong in the program. The details are in {file}.</source>
        <translation>Im Programm ist etwas schiefgegangen. Näheres steht in {file}.</translation>
    </message>
    <message>
        <source>Stale file handle</source>
        <translation>Datei auf dem Netzlaufwerk ist nicht mehr erreichbar</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Taken first, or else changed first; then most pixels and the largest file</source>
        <translation>Zuerst aufgenommen oder, wo das fehlt, zuerst geändert; dann meiste Pixel und größte Datei</translation>
    </message>
    <message>
        <source>Taken from</source>
        <translation>Aufgenommen ab</translation>
    </message>
    <message>
        <source>Taken last, or else changed last; then most pixels and the largest file</source>
        <translation>Zuletzt aufgenommen oder, wo das fehlt, zuletzt geändert; dann meiste Pixel und größte Datei</translation>
    </message>
    <message>
        <source>Taken up to</source>
        <translation>Aufgenommen bis</translation>
    </message>
    <message>
        <source>Taken {when}</source>
        <translation>Aufgenommen {when}</translation>
    </message>
    <message>
        <source>Text file busy</source>
        <translation>Programmdatei ist belegt</translation>
    </message>
    <message>
        <source>That cannot be read from here. Copy it to this computer first, then drop it.</source>
        <translation>Das ist von hier aus nicht zu lesen. Kopieren Sie es zuerst auf diesen Computer, und legen Sie es dann hier ab.</translation>
    </message>
    <message>
        <source>That image is too large to take over directly. Save it as a file and drop the file.</source>
        <translation>Dieses Bild ist zu groß, um es direkt zu übernehmen. Speichern Sie es als Datei, und legen Sie die Datei ab.</translation>
    </message>
    <message>
        <source>That is not an image that can be read here. Drop an image file, or paste an image.</source>
        <translation>Das ist kein Bild, das hier gelesen werden kann. Legen Sie eine Bilddatei ab, oder fügen Sie ein Bild ein.</translation>
    </message>
    <message>
        <source>That is text, not an image. Drop an image file, or copy an image and paste it here.</source>
        <translation>Das ist Text und kein Bild. Legen Sie eine Bilddatei ab, oder kopieren Sie ein Bild, und fügen Sie es hier ein.</translation>
    </message>
    <message>
        <source>The catalogue of this library was damaged and there is no backup yet, so it is made anew as soon as you add your folders again.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, und es gibt noch keine Sicherung. Er wird neu angelegt, sobald Sie Ihre Ordner wieder hinzufügen.</translation>
    </message>
    <message>
        <source>The catalogue of this library was damaged and there is no backup yet, so it is made anew from your folders.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, und es gibt noch keine Sicherung. Er wird aus Ihren Ordnern neu angelegt.</translation>
    </message>
    <message>
        <source>The catalogue of this library was damaged, so its backup of {when} was opened; what changed since then is looked up in your folders again.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, daher wurde seine Sicherung vom {when} geöffnet. Was sich seitdem geändert hat, wird in Ihren Ordnern wieder nachgesehen.</translation>
    </message>
    <message>
        <source>The catalogue of this library was missing and there is no backup yet, so it is made anew as soon as you add your folders again.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, und es gibt noch keine Sicherung. Er wird neu angelegt, sobald Sie Ihre Ordner wieder hinzufügen.</translation>
    </message>
    <message>
        <source>The catalogue of this library was missing and there is no backup yet, so it is made anew from your folders.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, und es gibt noch keine Sicherung. Er wird aus Ihren Ordnern neu angelegt.</translation>
    </message>
    <message>
        <source>The catalogue of this library was missing, so its backup of {when} was opened; what changed since then is looked up in your folders again.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, daher wurde seine Sicherung vom {when} geöffnet. Was sich seitdem geändert hat, wird in Ihren Ordnern wieder nachgesehen.</translation>
    </message>
    <message>
        <source>The CPU does the work from now on.</source>
        <translation>Ab jetzt übernimmt die CPU die Arbeit.</translation>
    </message>
    <message>
        <source>The damaged file is kept as {file}.</source>
        <translation>Die beschädigte Datei wird als {file} aufgehoben.</translation>
    </message>
    <message>
        <source>The device “{device}” failed: {reason}</source>
        <translation>Das Gerät „{device}“ ist ausgefallen: {reason}</translation>
    </message>
    <message>
        <source>The device “{device}” failed: {reason}.</source>
        <translation>Das Gerät „{device}“ ist ausgefallen: {reason}.</translation>
    </message>
    <message>
        <source>The device “{device}” gives other embeddings than it should (cosine {cosine}), so it is not used.</source>
        <translation>Das Gerät „{device}“ rechnet nicht genau genug (Kosinus {cosine}) und wird daher nicht benutzt.</translation>
    </message>
    <message>
        <source>The disk of the library folder {folder} is full. Make some room on it.</source>
        <translation>Der Datenträger des Bibliotheksordners {folder} ist voll. Schaffen Sie darauf etwas Platz.</translation>
    </message>
    <message>
        <source>The disk of {folder} is full. Make some room on it.</source>
        <translation>Der Datenträger von {folder} ist voll. Schaffen Sie darauf etwas Platz.</translation>
    </message>
    <message>
        <source>The disk of {folder} reports an error ({reason}). Check the disk and its connection.</source>
        <translation>Der Datenträger von {folder} meldet einen Fehler ({reason}). Prüfen Sie den Datenträger und seinen Anschluss.</translation>
    </message>
    <message>
        <source>The download</source>
        <translation>Der Download</translation>
    </message>
    <message>
        <source>The download was stopped.</source>
        <translation>Der Download wurde angehalten.</translation>
    </message>
    <message>
        <source>The download was stopped; start it again to go on with it.</source>
        <translation>Der Download wurde angehalten. Starten Sie ihn wieder, um ihn fortzusetzen.</translation>
    </message>
    <message>
        <source>The drive of this photo is offline.</source>
        <translation>Das Laufwerk dieses Fotos ist nicht angeschlossen.</translation>
    </message>
    <message>
        <source>The drive of this photo is offline. Connect it to see what matches.</source>
        <translation>Das Laufwerk dieses Fotos ist nicht angeschlossen. Schließen Sie es an, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <source>The feature map of {network} cannot be had.</source>
        <translation>Die Merkmalskarte von {network} ist nicht zu bekommen.</translation>
    </message>
    <message>
        <source>The feature map of {network} is not what its photos hold.</source>
        <translation>Die Merkmalskarte von {network} passt nicht zu dem, was über die Fotos gespeichert ist.</translation>
    </message>
    <message>
        <source>The file could not be read: {reason}.</source>
        <translation>Die Datei konnte nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>The file does not exist.</source>
        <translation>Die Datei existiert nicht.</translation>
    </message>
    <message>
        <source>The file is a link that leads nowhere.</source>
        <translation>Die Datei ist ein Link, der ins Leere führt.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <source>The file is too large: {size} GiB; the limit is {limit} GiB.</source>
        <translation>Die Datei ist zu groß: {size} GiB; die Grenze liegt bei {limit} GiB.</translation>
    </message>
    <message>
        <source>The file may not be read: permission denied.</source>
        <translation>Die Datei darf nicht gelesen werden: Zugriff verweigert.</translation>
    </message>
    <message>
        <source>The file {file} is damaged ({problem}). Start Gallery Search again, which goes on with a backup.</source>
        <translation>Die Datei {file} ist beschädigt ({problem}). Starten Sie Gallery Search neu; es macht mit einer Sicherung weiter.</translation>
    </message>
    <message>
        <source>The file {file} is damaged ({problem}). Start Gallery Search again, which mends what it can.</source>
        <translation>Die Datei {file} ist beschädigt ({problem}). Starten Sie Gallery Search neu; es repariert, was sich reparieren lässt.</translation>
    </message>
    <message>
        <source>The file {file} is damaged and cannot be used ({problem}). Start Gallery Search again, which mends what it can.</source>
        <translation>Die Datei {file} ist beschädigt und nicht zu benutzen ({problem}). Starten Sie Gallery Search neu; es repariert, was sich reparieren lässt.</translation>
    </message>
    <message>
        <source>The file {file} is damaged: its version is {version}.</source>
        <translation>Die Datei {file} ist beschädigt: Ihre Version ist {version}.</translation>
    </message>
    <message>
        <source>The file {file} may not be read or written to. Allow this program to do so.</source>
        <translation>Die Datei {file} darf nicht gelesen oder beschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <source>The file “{name}” could not be found.</source>
        <translation>Die Datei „{name}“ wurde nicht gefunden.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be read: {reason}. Check its permissions.</source>
        <translation>Der Ordner {folder} kann nicht gelesen werden: {reason}. Prüfen Sie seine Zugriffsrechte.</translation>
    </message>
    <message>
        <source>The folder {folder} does not exist. Check its name.</source>
        <translation>Der Ordner {folder} existiert nicht. Prüfen Sie seinen Namen.</translation>
    </message>
    <message>
        <source>The folder {folder} is left out of the library. Take it back first.</source>
        <translation>Der Ordner {folder} ist aus der Bibliothek ausgenommen. Nehmen Sie ihn zuerst wieder auf.</translation>
    </message>
    <message>
        <source>The folder {folder} is not there. Connect its disk, then start Gallery Search again.</source>
        <translation>Der Ordner {folder} ist nicht da. Schließen Sie seinen Datenträger an, und starten Sie Gallery Search dann neu.</translation>
    </message>
    <message>
        <source>The folder {folder} may not be written to. Allow this program to do so.</source>
        <translation>In den Ordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <source>the helper process ended with status {status}</source>
        <translation>der Hilfsprozess endete mit dem Status {status}</translation>
    </message>
    <message>
        <source>The image could not be decoded: it made the decoder stop.</source>
        <translation>Das Bild konnte nicht dekodiert werden: Der Dekodierer ist daran gescheitert.</translation>
    </message>
    <message>
        <source>The image could not be decoded: the system started no further process.</source>
        <translation>Das Bild konnte nicht dekodiert werden: Das System hat keinen weiteren Prozess gestartet.</translation>
    </message>
    <message>
        <source>The image is damaged, or of a kind that the program does not read.</source>
        <translation>Das Bild ist beschädigt oder von einer Art, die das Programm nicht liest.</translation>
    </message>
    <message>
        <source>The image is damaged.</source>
        <translation>Das Bild ist beschädigt.</translation>
    </message>
    <message>
        <source>The image is damaged: it ends too early.</source>
        <translation>Das Bild ist beschädigt: Es endet zu früh.</translation>
    </message>
    <message>
        <source>The image is too large: it has more than {count} megapixels.</source>
        <translation>Das Bild ist zu groß: Es hat mehr als {count} Megapixel.</translation>
    </message>
    <message>
        <source>The image searched for is no longer kept. Search for it again to see what matches.</source>
        <translation>Das Suchbild ist nicht mehr vorhanden. Suchen Sie noch einmal damit, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <source>The image took longer than {seconds} seconds to decode.</source>
        <translation>Das Dekodieren des Bildes hat länger als {seconds} Sekunden gedauert.</translation>
    </message>
    <message>
        <source>The image was not copied. There is not enough memory for it.</source>
        <translation>Das Bild wurde nicht kopiert. Dafür reicht der Arbeitsspeicher nicht aus.</translation>
    </message>
    <message>
        <source>The image was not copied. {reason}</source>
        <translation>Das Bild wurde nicht kopiert. {reason}</translation>
    </message>
    <message>
        <source>The library always shows all photos. Filters apply to searches, until you clear them.</source>
        <translation>Die Bibliothek zeigt immer alle Fotos. Filter gelten für Suchen, bis Sie sie aufheben.</translation>
    </message>
    <message>
        <source>The library folder {folder} cannot be used: {reason}. Choose another with --library.</source>
        <translation>Der Bibliotheksordner {folder} kann nicht benutzt werden: {reason}. Wählen Sie mit --library einen anderen.</translation>
    </message>
    <message>
        <source>The library folder {folder} may not be written to. Allow this program to do so, or choose another folder with --library.</source>
        <translation>In den Bibliotheksordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm, oder wählen Sie mit --library einen anderen Ordner.</translation>
    </message>
    <message>
        <source>The library has no photo at {file}.</source>
        <translation>Die Bibliothek hat kein Foto unter {file}.</translation>
    </message>
    <message>
        <source>The library in {folder} is damaged and cannot be mended: {file}: {reason}.</source>
        <translation>Die Bibliothek in {folder} ist beschädigt und lässt sich nicht reparieren: {file}: {reason}.</translation>
    </message>
    <message>
        <source>The library's database {file} cannot be used ({problem}). Start Gallery Search again, and if that does not help, install its newest version.</source>
        <translation>Die Datenbank {file} der Bibliothek kann nicht benutzt werden ({problem}). Starten Sie Gallery Search neu, und wenn das nicht hilft, installieren Sie die neueste Version.</translation>
    </message>
    <message>
        <source>The loading of {network} was broken off.</source>
        <translation>Das Laden von {network} wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The measuring was broken off.</source>
        <translation>Die Messung wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The memory of the device “{device}” is short, so it embeds only {count} photo at a time from now on.</source>
        <translation>Der Speicher des Geräts „{device}“ ist knapp, daher verarbeitet es ab jetzt nur {count} Foto auf einmal.</translation>
    </message>
    <message>
        <source>The memory of the device “{device}” is short, so it embeds only {count} photos at a time from now on.</source>
        <translation>Der Speicher des Geräts „{device}“ ist knapp, daher verarbeitet es ab jetzt nur {count} Fotos auf einmal.</translation>
    </message>
    <message>
        <source>The names of these photos are still being read. Try again in a moment.</source>
        <translation>Die Namen dieser Fotos werden noch gelesen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message>
        <source>the network is no longer in use</source>
        <translation>das Netz wird nicht mehr benutzt</translation>
    </message>
    <message>
        <source>The network {network} cannot be loaded here: {reason}.</source>
        <translation>Das Netz {network} kann hier nicht geladen werden: {reason}.</translation>
    </message>
    <message>
        <source>The network {network} cannot be loaded on the device “{device}”.</source>
        <translation>Das Netz {network} kann auf dem Gerät „{device}“ nicht geladen werden.</translation>
    </message>
    <message>
        <source>The network {network} cannot be loaded.</source>
        <translation>Das Netz {network} kann nicht geladen werden.</translation>
    </message>
    <message>
        <source>The network {network} cannot be prepared in {folder}: {reason}.</source>
        <translation>Das Netz {network} kann in {folder} nicht vorbereitet werden: {reason}.</translation>
    </message>
    <message>
        <source>The network {network} cannot be prepared: the disk of {folder} is full. Make room for {size} MB on it.</source>
        <translation>Das Netz {network} kann nicht vorbereitet werden: Der Datenträger von {folder} ist voll. Schaffen Sie darauf Platz für {size} MB.</translation>
    </message>
    <message>
        <source>The network {network} cannot be prepared: the folder {folder} may not be written to. Allow this program to do so.</source>
        <translation>Das Netz {network} kann nicht vorbereitet werden: In den Ordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <source>The network {network} cannot show what matches: it does not keep the places of a photo apart.</source>
        <translation>Das Netz {network} kann keine Übereinstimmungen zeigen: Es unterscheidet die Stellen eines Fotos nicht.</translation>
    </message>
    <message>
        <source>The network {network} is no longer in use.</source>
        <translation>Das Netz {network} wird nicht mehr benutzt.</translation>
    </message>
    <message>
        <source>The network {network} keeps no places apart.</source>
        <translation>Das Netz {network} unterscheidet keine Stellen.</translation>
    </message>
    <message>
        <source>The network {network} knows no words. Choose another for them.</source>
        <translation>Das Netz {network} kennt keine Worte. Wählen Sie dafür ein anderes.</translation>
    </message>
    <message>
        <source>The network {network} knows no words. Choose one that does to search by words.</source>
        <translation>Das Netz {network} kennt keine Worte. Wählen Sie eines, das Worte kennt, um mit Worten zu suchen.</translation>
    </message>
    <message>
        <source>The network {network} needs the package {package}, which is not installed. Install it with `pip install {package}`.</source>
        <translation>Das Netz {network} braucht das Paket {package}, das nicht installiert ist. Installieren Sie es mit `pip install {package}`.</translation>
    </message>
    <message>
        <source>The network {network} that came with Gallery Search is damaged. Install Gallery Search again.</source>
        <translation>Das mit Gallery Search gelieferte Netz {network} ist beschädigt. Installieren Sie Gallery Search neu.</translation>
    </message>
    <message>
        <source>The network {network} was not prepared: a file is damaged.</source>
        <translation>Das Netz {network} wurde nicht vorbereitet: Eine Datei ist beschädigt.</translation>
    </message>
    <message>
        <source>The network {network} was not prepared: {reason}.</source>
        <translation>Das Netz {network} wurde nicht vorbereitet: {reason}.</translation>
    </message>
    <message>
        <source>The newest one</source>
        <translation>das neueste</translation>
    </message>
    <message>
        <source>The oldest one</source>
        <translation>das älteste</translation>
    </message>
    <message>
        <source>The one with most pixels</source>
        <translation>das mit den meisten Pixeln</translation>
    </message>
    <message>
        <source>The one with the shortest path</source>
        <translation>das mit dem kürzesten Pfad</translation>
    </message>
    <message>
        <source>The other Gallery Search on this library ended before it had answered. Start the command again.</source>
        <translation>Das andere Gallery Search mit dieser Bibliothek wurde beendet, bevor es geantwortet hat. Starten Sie den Befehl noch einmal.</translation>
    </message>
    <message>
        <source>The other Gallery Search on this library is of another version.</source>
        <translation>Das andere Gallery Search mit dieser Bibliothek hat eine andere Version.</translation>
    </message>
    <message>
        <source>The package {package}, which holds the weights of {network}, is missing. Install Gallery Search again.</source>
        <translation>Das Paket {package}, das die Gewichte von {network} enthält, fehlt. Installieren Sie Gallery Search neu.</translation>
    </message>
    <message>
        <source>The photo at {file} still waits to be indexed. Try again soon.</source>
        <translation>Das Foto {file} wartet noch darauf, eingelesen zu werden. Versuchen Sie es bald noch einmal.</translation>
    </message>
    <message>
        <source>The program is closing.</source>
        <translation>Das Programm wird gerade beendet.</translation>
    </message>
    <message>
        <source>The program {name} (process {process_id})</source>
        <translation>Das Programm {name} (Prozess {process_id})</translation>
    </message>
    <message>
        <source>The request was not understood.</source>
        <translation>Die Anfrage wurde nicht verstanden.</translation>
    </message>
    <message>
        <source>The search for duplicates was ended.</source>
        <translation>Die Suche nach Duplikaten wurde beendet.</translation>
    </message>
    <message>
        <source>The search was cancelled.</source>
        <translation>Die Suche wurde abgebrochen.</translation>
    </message>
    <message>
        <source>The search was not saved. “{name}”: {reason}</source>
        <translation>Die Suche wurde nicht gespeichert. „{name}“: {reason}</translation>
    </message>
    <message>
        <source>The shortest path, then the oldest date</source>
        <translation>Kürzester Pfad, dann ältestes Datum</translation>
    </message>
    <message>
        <source>The smaller sister of densenet201: faster, and a little less exact.</source>
        <translation>Die kleinere Schwester von densenet201: schneller und etwas weniger genau.</translation>
    </message>
    <message>
        <source>The system did not start a helper process: {reason}.</source>
        <translation>Das System hat keinen Hilfsprozess gestartet: {reason}.</translation>
    </message>
    <message>
        <source>the system gives no reason</source>
        <translation>das System nennt keinen Grund</translation>
    </message>
    <message>
        <source>The thumbnails in {file} cannot be used or made anew ({reason}). Move that file away.</source>
        <translation>Die Vorschaubilder in {file} können weder benutzt noch neu angelegt werden ({reason}). Verschieben Sie diese Datei an einen anderen Ort.</translation>
    </message>
    <message>
        <source>The weights of {network} are damaged, and were put aside as {file}. Download or import them again.</source>
        <translation>Die Gewichte von {network} sind beschädigt und wurden als {file} beiseitegelegt. Laden Sie sie erneut herunter, oder importieren Sie sie.</translation>
    </message>
    <message>
        <source>The weights of {network} are here and can be used.</source>
        <translation>Die Gewichte von {network} sind da und können benutzt werden.</translation>
    </message>
    <message>
        <source>The weights of {network} are not here. Download them with `gallery-search backbones download {network}`, or in the window under Networks.</source>
        <translation>Die Gewichte von {network} sind nicht da. Laden Sie sie im Fenster unter „Netze“ herunter oder mit `gallery-search backbones download {network}`.</translation>
    </message>
    <message>
        <source>The weights of {network} are on their way. Cancel that first.</source>
        <translation>Die Gewichte von {network} werden gerade geladen. Brechen Sie das zuerst ab.</translation>
    </message>
    <message>
        <source>The weights of {network} did not arrive as they were published (their checksum begins with {found}, not {published}). Download them again.</source>
        <translation>Die Gewichte von {network} sind nicht so angekommen, wie sie veröffentlicht wurden (ihre Prüfsumme beginnt mit {found} statt mit {published}). Laden Sie sie erneut herunter.</translation>
    </message>
    <message>
        <source>The weights of {network} were installed with the program. There is nothing to download or import.</source>
        <translation>Die Gewichte von {network} wurden mit dem Programm installiert. Es gibt nichts herunterzuladen oder zu importieren.</translation>
    </message>
    <message>
        <source>The weights of {network} were not kept: {reason}.</source>
        <translation>Die Gewichte von {network} wurden nicht gespeichert: {reason}.</translation>
    </message>
    <message>
        <source>The weights {file} cannot be read: {reason}.</source>
        <translation>Die Gewichte {file} können nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <source>The words were not understood.</source>
        <translation>Die Worte wurden nicht verstanden.</translation>
    </message>
    <message>
        <source>The words were not understood: {reason}.</source>
        <translation>Die Worte wurden nicht verstanden: {reason}.</translation>
    </message>
    <message>
        <source>Their pictures are removed from this computer, too. Saved searches stay.</source>
        <translation>Auch ihre Bilder werden von diesem Computer gelöscht. Gespeicherte Suchen bleiben.</translation>
    </message>
    <message>
        <source>There are no photos to search yet. Add a photo folder first, then try again.</source>
        <translation>Es gibt noch keine Fotos zum Durchsuchen. Fügen Sie zuerst einen Fotoordner hinzu, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>There is no backbone “{name}”. Choose one of: {names}.</source>
        <translation>Es gibt kein Netz „{name}“. Wählen Sie eines davon: {names}.</translation>
    </message>
    <message>
        <source>There is not enough memory to show this photo.</source>
        <translation>Der Arbeitsspeicher reicht nicht aus, um dieses Foto zu zeigen.</translation>
    </message>
    <message>
        <source>There is nothing to paste. Copy an image first, then paste it here.</source>
        <translation>Es gibt nichts einzufügen. Kopieren Sie zuerst ein Bild, und fügen Sie es dann hier ein.</translation>
    </message>
    <message>
        <source>There was not enough memory to decode the image.</source>
        <translation>Der Arbeitsspeicher reichte nicht aus, um das Bild zu dekodieren.</translation>
    </message>
    <message>
        <source>There was not enough memory to read the file.</source>
        <translation>Der Arbeitsspeicher reichte nicht aus, um die Datei zu lesen.</translation>
    </message>
    <message>
        <source>These are not &amp;duplicates</source>
        <translation>Das sind keine &amp;Duplikate</translation>
    </message>
    <message>
        <source>These copies are meant to &amp;be</source>
        <translation>Diese &amp;Kopien sind gewollt</translation>
    </message>
    <message>
        <source>These photos will not be called duplicates again.</source>
        <translation>Diese Fotos werden nicht mehr als Duplikate genannt.</translation>
    </message>
    <message>
        <source>This is a folder, not an image.</source>
        <translation>Das ist ein Ordner und kein Bild.</translation>
    </message>
    <message>
        <source>This is not an image in a format that the program reads.</source>
        <translation>Das ist kein Bild in einem Format, das das Programm liest.</translation>
    </message>
    <message>
        <source>This is not an ordinary file.</source>
        <translation>Das ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <source>This photo is no longer in the library.</source>
        <translation>Dieses Foto ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <source>This photo is on “{drive}”, which is offline. Connect it to open the photo.</source>
        <translation>Dieses Foto liegt auf „{drive}“, das nicht angeschlossen ist. Schließen Sie es an, um das Foto zu öffnen.</translation>
    </message>
    <message>
        <source>This photo is on “{drive}”, which is offline. It stays as it is.</source>
        <translation>Dieses Foto liegt auf „{drive}“, das nicht angeschlossen ist. Es bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>This photo is still waiting to be indexed. Try again in a while.</source>
        <translation>Dieses Foto wartet noch darauf, eingelesen zu werden. Versuchen Sie es in einer Weile noch einmal.</translation>
    </message>
    <message>
        <source>This RAW file holds no preview that can be shown: save it with one in a RAW converter, or as JPEG beside it.</source>
        <translation>Diese RAW-Datei enthält keine Vorschau, die gezeigt werden kann: Speichern Sie sie in einem RAW-Konverter mit Vorschau oder daneben als JPEG.</translation>
    </message>
    <message>
        <source>This RAW file is damaged, or of a camera that the program does not know yet: save the photo as JPEG beside it.</source>
        <translation>Diese RAW-Datei ist beschädigt oder von einer Kamera, die das Programm noch nicht kennt: Speichern Sie das Foto daneben als JPEG.</translation>
    </message>
    <message>
        <source>This RAW file is damaged: it ends before the preview that it holds does.</source>
        <translation>Diese RAW-Datei ist beschädigt: Sie endet, bevor ihre Vorschau zu Ende ist.</translation>
    </message>
    <message>
        <source>This result was found with other filters. Search for the image again to apply them.</source>
        <translation>Dieses Ergebnis wurde mit anderen Filtern gefunden. Suchen Sie das Bild erneut, um die jetzigen anzuwenden.</translation>
    </message>
    <message>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <source>To the trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Too many levels of symbolic links</source>
        <translation>zu viele aufeinanderfolgende Links</translation>
    </message>
    <message>
        <source>Too many open files</source>
        <translation>zu viele offene Dateien</translation>
    </message>
    <message>
        <source>torch finds no such device on this computer.</source>
        <translation>torch findet auf diesem Computer kein solches Gerät.</translation>
    </message>
    <message>
        <source>Trained like resnet152 to tell a thousand kinds of things apart, with a third of its download and faster.</source>
        <translation>Wie resnet152 darauf trainiert, tausend Arten von Dingen zu unterscheiden; ein Drittel des Downloads und schneller.</translation>
    </message>
    <message>
        <source>Trained to tell a thousand kinds of things apart, so it finds photos of the same kind. Slow: best with a graphics card.</source>
        <translation>Darauf trainiert, tausend Arten von Dingen zu unterscheiden; findet daher Fotos der gleichen Art. Langsam: am besten mit einer Grafikkarte.</translation>
    </message>
    <message>
        <source>Transport endpoint is not connected</source>
        <translation>Netzlaufwerk ist nicht verbunden</translation>
    </message>
    <message>
        <source>Try again later, and the download goes on from where it is: the connection to {host} keeps breaking off.</source>
        <translation>Versuchen Sie es später noch einmal; der Download geht dann dort weiter, wo er steht: Die Verbindung zu {host} bricht immer wieder ab.</translation>
    </message>
    <message>
        <source>Try again later: {host} is not able to send the file now (error {code}).</source>
        <translation>Versuchen Sie es später noch einmal: {host} kann die Datei zurzeit nicht senden (Fehler {code}).</translation>
    </message>
    <message>
        <source>Try another network, or download {url} with a browser: {host} does not give the file to this program (error {code}).</source>
        <translation>Versuchen Sie es über ein anderes Netzwerk, oder laden Sie {url} mit einem Browser herunter: {host} gibt die Datei nicht an dieses Programm heraus (Fehler {code}).</translation>
    </message>
    <message>
        <source>Turn the view clockwise</source>
        <translation>Ansicht im Uhrzeigersinn drehen</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Type {format}</source>
        <translation>Typ {format}</translation>
    </message>
    <message>
        <source>unable to get local issuer certificate</source>
        <translation>der Aussteller ist hier nicht bekannt</translation>
    </message>
    <message>
        <source>unable to open database file</source>
        <translation>die Datenbank lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Unwanted</source>
        <translation>Unerwünscht</translation>
    </message>
    <message>
        <source>Use an address that begins with https:// or http://, not {url}.</source>
        <translation>Verwenden Sie eine Adresse, die mit https:// oder http:// beginnt, nicht {url}.</translation>
    </message>
    <message>
        <source>W</source>
        <comment>west</comment>
        <translation>W</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>Erwünscht</translation>
    </message>
    <message>
        <source>Watch the folder “{folder}”?</source>
        <translation>Den Ordner „{folder}“ überwachen?</translation>
    </message>
    <message numerus="yes">
        <source>Watch these {count} folders?</source>
        <translation>
            <numerusform>Diesen Ordner überwachen?</numerusform>
            <numerusform>Diese {count} Ordner überwachen?</numerusform>
        </translation>
    </message>
    <message>
        <source>Weight of {name}</source>
        <translation>Gewicht von {name}</translation>
    </message>
    <message>
        <source>Weight: {weight} (arrow keys)</source>
        <translation>Gewicht: {weight} (Pfeiltasten)</translation>
    </message>
    <message>
        <source>What is left open lets all photos through. A photo without a date counts with that of its file.</source>
        <translation>Was offen bleibt, lässt alle Fotos zu. Hat ein Foto kein Datum, zählt das seiner Datei.</translation>
    </message>
    <message>
        <source>What is wanted and what is unwanted cancel each other out. Change a weight, or remove one of them.</source>
        <translation>Was erwünscht und was unerwünscht ist, hebt sich gegenseitig auf. Ändern Sie ein Gewicht, oder entfernen Sie einen der Teile.</translation>
    </message>
    <message>
        <source>What matches cannot be shown with this network.</source>
        <translation>Mit diesem Netz können keine Übereinstimmungen gezeigt werden.</translation>
    </message>
    <message>
        <source>What matches cannot be shown. The details are in the program's log.</source>
        <translation>Übereinstimmungen können nicht gezeigt werden. Näheres steht im Protokoll des Programms.</translation>
    </message>
    <message>
        <source>What was learnt about your photos was damaged: of {count} photos it could be saved, and the rest is made anew.</source>
        <translation>Was über Ihre Fotos gelernt wurde, war beschädigt: Für {count} Fotos konnte es gerettet werden, der Rest wird neu ermittelt.</translation>
    </message>
    <message>
        <source>Which photo of each group to keep</source>
        <translation>Welches Foto jeder Gruppe behalten wird</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <source>with filters</source>
        <translation>mit Filtern</translation>
    </message>
    <message>
        <source>Write a year, month or day such as 2019, 2019-08 or 2019-08-31.</source>
        <translation>Geben Sie ein Jahr, einen Monat oder einen Tag an, etwa 2019, 2019-08 oder 2019-08-31.</translation>
    </message>
    <message>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <source>You can undo this, or bring them back from the system's trash.</source>
        <translation>Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</translation>
    </message>
    <message>
        <source>Your photos stay untouched.</source>
        <translation>Ihre Fotos bleiben unberührt.</translation>
    </message>
    <message>
        <source>Zoom and move all together</source>
        <translation>Alle gemeinsam zoomen und verschieben</translation>
    </message>
    <message>
        <source>{command} ({reason})</source>
        <translation>{command} ({reason})</translation>
    </message>
    <message numerus="yes">
        <source>{count} groups of duplicates</source>
        <translation>
            <numerusform>{count} Gruppe von Duplikaten</numerusform>
            <numerusform>{count} Gruppen von Duplikaten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} hours ago</source>
        <translation>
            <numerusform>vor {count} Stunde</numerusform>
            <numerusform>vor {count} Stunden</numerusform>
        </translation>
    </message>
    <message>
        <source>{count} images came in; this is the search for the first {limit}.</source>
        <translation>Es kamen {count} Bilder; gesucht wird mit den ersten {limit}.</translation>
    </message>
    <message numerus="yes">
        <source>{count} minutes ago</source>
        <translation>
            <numerusform>vor {count} Minute</numerusform>
            <numerusform>vor {count} Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} of its photos are no longer in the library.</source>
        <translation>
            <numerusform>Ihr Foto ist nicht mehr in der Bibliothek.</numerusform>
            <numerusform>{count} ihrer Fotos sind nicht mehr in der Bibliothek.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} of its photos are no longer in the library; the rest can be searched for.</source>
        <translation>
            <numerusform>Eines ihrer Fotos ist nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</numerusform>
            <numerusform>{count} ihrer Fotos sind nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} parts</source>
        <translation>
            <numerusform>{count} Teil</numerusform>
            <numerusform>{count} Teile</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos</source>
        <translation>
            <numerusform>{count} Foto</numerusform>
            <numerusform>{count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos copied to “{name}”.</source>
        <translation>
            <numerusform>{count} Foto wurde nach „{name}“ kopiert.</numerusform>
            <numerusform>{count} Fotos wurden nach „{name}“ kopiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos copied to “{name}”; the others could not be: {reason}.</source>
        <translation>
            <numerusform>{count} Foto wurde nach „{name}“ kopiert, die anderen nicht: {reason}.</numerusform>
            <numerusform>{count} Fotos wurden nach „{name}“ kopiert, die anderen nicht: {reason}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos could not be brought back. Look into the system's trash.</source>
        <translation>
            <numerusform>{count} Foto konnte nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</numerusform>
            <numerusform>{count} Fotos konnten nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos could not be moved to the trash. Look whether the folder may be written to, and whether its drive has a trash.</source>
        <translation>
            <numerusform>{count} Foto konnte nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</numerusform>
            <numerusform>{count} Fotos konnten nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos left alone, as files have changed since the search. Search again.</source>
        <translation>
            <numerusform>{count} Foto blieb unangetastet, weil sich Dateien seit der Suche geändert haben. Suchen Sie erneut.</numerusform>
            <numerusform>{count} Fotos blieben unangetastet, weil sich Dateien seit der Suche geändert haben. Suchen Sie erneut.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} photos were added since this search. Search again to compare them, too.</source>
        <translation>
            <numerusform>Seit dieser Suche kam {count} Foto hinzu. Suchen Sie erneut, um auch dieses zu vergleichen.</numerusform>
            <numerusform>Seit dieser Suche kamen {count} Fotos hinzu. Suchen Sie erneut, um auch diese zu vergleichen.</numerusform>
        </translation>
    </message>
    <message>
        <source>{date}, {time}</source>
        <translation>{date}, {time}</translation>
    </message>
    <message>
        <source>{day} April {year}, {time}</source>
        <translation>{day}. April {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} August {year}, {time}</source>
        <translation>{day}. August {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} December {year}, {time}</source>
        <translation>{day}. Dezember {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} February {year}, {time}</source>
        <translation>{day}. Februar {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} January {year}, {time}</source>
        <translation>{day}. Januar {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} July {year}, {time}</source>
        <translation>{day}. Juli {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} June {year}, {time}</source>
        <translation>{day}. Juni {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} March {year}, {time}</source>
        <translation>{day}. März {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} May {year}, {time}</source>
        <translation>{day}. Mai {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} November {year}, {time}</source>
        <translation>{day}. November {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} October {year}, {time}</source>
        <translation>{day}. Oktober {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{day} September {year}, {time}</source>
        <translation>{day}. September {year} um {time} Uhr</translation>
    </message>
    <message>
        <source>{drive} · offline</source>
        <translation>{drive} · offline</translation>
    </message>
    <message>
        <source>{file} fits {network} and is used, but it is not the published file (whose checksum begins with {published}, not {found}).</source>
        <translation>{file} passt zu {network} und wird benutzt, ist aber nicht die veröffentlichte Datei (deren Prüfsumme beginnt mit {published} statt mit {found}).</translation>
    </message>
    <message>
        <source>{file} is a folder. Move it away.</source>
        <translation>{file} ist ein Ordner. Verschieben Sie ihn an einen anderen Ort.</translation>
    </message>
    <message>
        <source>{file} is not the weights of {network}: it is more than twice as large as their file.</source>
        <translation>{file} enthält nicht die Gewichte von {network}: Die Datei ist mehr als doppelt so groß wie deren Datei.</translation>
    </message>
    <message>
        <source>{file} was not taken over: {reason}.</source>
        <translation>{file} wurde nicht übernommen: {reason}.</translation>
    </message>
    <message>
        <source>{file} was written by a newer version of Gallery Search. Install that version, or choose another library folder.</source>
        <translation>{file} wurde von einer neueren Version von Gallery Search geschrieben. Installieren Sie diese, oder wählen Sie einen anderen Bibliotheksordner.</translation>
    </message>
    <message>
        <source>{folder} cannot be written, or there is no space left. Make some, then try again.</source>
        <translation>{folder} kann nicht beschrieben werden, oder der Platz ist aufgebraucht. Schaffen Sie Platz, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <source>{folder} is already part of the folder {outer}.</source>
        <translation>{folder} gehört schon zum Ordner {outer}.</translation>
    </message>
    <message>
        <source>{folder} is not a folder. Choose the folder it lies in.</source>
        <translation>{folder} ist kein Ordner. Wählen Sie den Ordner, in dem es liegt.</translation>
    </message>
    <message>
        <source>{holder} has locked {file}. Close it, or wait until it has finished.</source>
        <translation>{holder} hat {file} gesperrt. Schließen Sie es, oder warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <source>{host} sends another part than asked for.</source>
        <translation>{host} sendet einen anderen Teil als gewünscht.</translation>
    </message>
    <message>
        <source>{label} ({number})</source>
        <translation>{label} ({number})</translation>
    </message>
    <message>
        <source>{label}: {text}</source>
        <translation>{label}: {text}</translation>
    </message>
    <message>
        <source>{name} holds values that are not finite</source>
        <translation>{name} enthält Werte, die nicht endlich sind</translation>
    </message>
    <message>
        <source>{name} is not made of real numbers</source>
        <translation>{name} besteht nicht aus reellen Zahlen</translation>
    </message>
    <message>
        <source>{name} is not made of whole numbers</source>
        <translation>{name} besteht nicht aus ganzen Zahlen</translation>
    </message>
    <message>
        <source>{name} is {shape} in it, but {expected} in this network</source>
        <translation>{name} ist darin {shape}, in diesem Netz aber {expected}</translation>
    </message>
    <message>
        <source>{name}, recent search, {detail}</source>
        <translation>{name}, letzte Suche, {detail}</translation>
    </message>
    <message>
        <source>{name}, saved search, {detail}</source>
        <translation>{name}, gespeicherte Suche, {detail}</translation>
    </message>
    <message>
        <source>{name}, unwanted, weight {weight}</source>
        <translation>{name}, unerwünscht, Gewicht {weight}</translation>
    </message>
    <message>
        <source>{name}, wanted, weight {weight}</source>
        <translation>{name}, erwünscht, Gewicht {weight}</translation>
    </message>
    <message>
        <source>{name}, {percent} similar</source>
        <translation>{name}, zu {percent} ähnlich</translation>
    </message>
    <message>
        <source>{network} is in use. Let another network answer first.</source>
        <translation>{network} wird gerade benutzt. Lassen Sie zuerst ein anderes Netz antworten.</translation>
    </message>
    <message numerus="yes">
        <source>{passing} of {count} photos pass the filters.</source>
        <translation>
            <numerusform>{passing} von {count} Foto entspricht den Filtern.</numerusform>
            <numerusform>{passing} von {count} Fotos entsprechen den Filtern.</numerusform>
        </translation>
    </message>
    <message>
        <source>{percent} is in the picture as a whole</source>
        <translation>{percent} entfallen auf das Bild als Ganzes</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. All that were found.</source>
        <translation>{shown} von {total} zu sehen. Alle gefundenen.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. Also photos that are less alike.</source>
        <translation>{shown} von {total} zu sehen. Auch weniger ähnliche Fotos.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. Move the slider to hide what is less similar.</source>
        <translation>{shown} von {total} zu sehen. Mit dem Regler blenden Sie aus, was weniger ähnlich ist.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. Near-identical and closer.</source>
        <translation>{shown} von {total} zu sehen. Nahezu gleiche Fotos.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. Same kind and closer.</source>
        <translation>{shown} von {total} zu sehen. Gleiche Art und ähnlicher.</translation>
    </message>
    <message>
        <source>{shown} of {total} shown. Same scene and closer.</source>
        <translation>{shown} von {total} zu sehen. Gleiche Szene und ähnlicher.</translation>
    </message>
    <message>
        <source>{sides} ({megapixels} megapixels)</source>
        <translation>{sides} ({megapixels} Megapixel)</translation>
    </message>
    <message>
        <source>{text} is not left out, so it cannot be taken back in.</source>
        <translation>{text} ist nicht ausgenommen und kann daher nicht wieder aufgenommen werden.</translation>
    </message>
    <message>
        <source>{what} differs from the weights of {network} that were used here so far, with which its embeddings would not compare. Delete the network's data first.</source>
        <translation>{what} weicht von den Gewichten von {network} ab, die hier bisher benutzt wurden; die Ergebnisse ließen sich nicht vergleichen. Löschen Sie zuerst die Daten des Netzes.</translation>
    </message>
    <message>
        <source>{what} does not hold the weights of {network}: with them the network gives no embedding.</source>
        <translation>{what} enthält nicht die Gewichte von {network}: Mit ihnen liefert das Netz kein Ergebnis.</translation>
    </message>
    <message>
        <source>{what} does not hold the weights of {network}: {reason}.</source>
        <translation>{what} enthält nicht die Gewichte von {network}: {reason}.</translation>
    </message>
    <message>
        <source>{what} was not taken as the weights of {network}: the check failed, as {reason}.</source>
        <translation>{what} wurde nicht als Gewichte von {network} übernommen: Die Prüfung schlug fehl ({reason}).</translation>
    </message>
    <message>
        <source>“{name}” cannot be opened: {reason}.</source>
        <translation>„{name}“ lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <source>“{name}” could not be brought back. Look into the system's trash.</source>
        <translation>„{name}“ konnte nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</translation>
    </message>
    <message>
        <source>“{name}” could not be moved to the trash. Look whether the folder may be written to, and whether its drive has a trash.</source>
        <translation>„{name}“ konnte nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</translation>
    </message>
    <message>
        <source>“{name}” could not be written: {reason}.</source>
        <translation>„{name}“ konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message numerus="yes">
        <source>“{name}” lists {count} photos.</source>
        <translation>
            <numerusform>„{name}“ enthält {count} Foto.</numerusform>
            <numerusform>„{name}“ enthält {count} Fotos.</numerusform>
        </translation>
    </message>
    <message>
        <source>“{name}”: {reason}</source>
        <translation>„{name}“: {reason}</translation>
    </message>
    <message>
        <source>“{pattern}” is no pattern for names. Give one such as *.tmp.jpg, or a folder.</source>
        <translation>„{pattern}“ ist kein Muster für Namen. Geben Sie eines wie *.tmp.jpg oder einen Ordner an.</translation>
    </message>
    <message>
        <source>“{photo}” is no longer in the library.</source>
        <translation>„{photo}“ ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <source>“{photo}” is no longer in the library; the rest can be searched for.</source>
        <translation>„{photo}“ ist nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</translation>
    </message>
    <message>
        <source>“{program}” cannot be started: {reason}.</source>
        <translation>„{program}“ lässt sich nicht starten: {reason}.</translation>
    </message>
    <message>
        <source>“{program}” does not say how it is started. Choose another program.</source>
        <translation>„{program}“ gibt nicht an, wie es gestartet wird. Wählen Sie ein anderes Programm.</translation>
    </message>
</context>
</TS>
