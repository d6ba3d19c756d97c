<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>Gallery Search</name>
    <message numerus="yes">
        <location filename="../../gallery_search/app.py"/>
        <source>{count} files could not be removed, such as {file}. Remove them by hand.</source>
        <extracomment>For one: {count} file could not be removed: {file}. Remove it by hand.</extracomment>
        <translation>
            <numerusform>{count} Datei konnte nicht entfernt werden: {file}. Entfernen Sie sie von Hand.</numerusform>
            <numerusform>{count} Dateien konnten nicht entfernt werden, zum Beispiel {file}. Entfernen Sie sie von Hand.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/app.py"/>
        <source>Something went wrong in the program. The details are in {folder}.</source>
        <translation>Im Programm ist etwas schiefgegangen. Näheres steht in {folder}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/autostart/desktop_entry.py"/>
        <source>Indexes new photos in the background</source>
        <translation>Liest neue Fotos im Hintergrund ein</translation>
    </message>
    <message>
        <location filename="../../gallery_search/autostart/login_start.py"/>
        <source>It cannot be started at login: {reason}{place}. Allow it to be changed and try again.</source>
        <translation>Das Programm kann nicht beim Anmelden gestartet werden: {reason}{place}. Erlauben Sie die Änderung, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/autostart/login_start.py"/>
        <source>It cannot be kept from starting at login: {reason}{place}. Allow it to be changed and try again.</source>
        <translation>Das Starten beim Anmelden kann nicht abgeschaltet werden: {reason}{place}. Erlauben Sie die Änderung, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/autostart/login_start.py"/>
        <source>Whether it starts at login cannot be read{place}: {reason}.</source>
        <translation>Ob das Programm beim Anmelden startet, ist nicht zu lesen{place}: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/autostart/login_start.py"/>
        <source>It cannot be started at login: the name of a folder that it lies in is no text. Move it to another folder.</source>
        <translation>Das Programm kann nicht beim Anmelden gestartet werden: Der Name eines Ordners, in dem es liegt, ist kein Text. Verschieben Sie es in einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Back to what was shown before</source>
        <translation>Zurück zu dem, was vorher zu sehen war</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Forward again</source>
        <translation>Wieder vor</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Show all photos, newest first</source>
        <translation>Alle Fotos zeigen, die neuesten zuerst</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Open image…</source>
        <translation>Bild öffnen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Search for an image file</source>
        <translation>Mit einer Bilddatei suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Search for the image, file or path on the clipboard</source>
        <translation>Mit dem Bild, der Datei oder dem Pfad aus der Zwischenablage suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Find similar</source>
        <translation>Ähnliche suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Search for photos like the selected one (S)</source>
        <translation>Fotos suchen, die dem ausgewählten ähneln (S)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Search a part…</source>
        <translation>Ausschnitt suchen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Show what matches</source>
        <translation>Übereinstimmungen zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Search by words</source>
        <translation>Mit Worten suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Type what is to be seen on the photos</source>
        <translation>Schreiben Sie, was auf den Fotos zu sehen sein soll</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Recent searches…</source>
        <translation>Letzte Suchen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Save this search…</source>
        <translation>Diese Suche speichern…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Look at two to four selected photos side by side</source>
        <translation>Zwei bis vier ausgewählte Fotos nebeneinander ansehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Refine</source>
        <translation>Verfeinern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Say which photos a search may find</source>
        <translation>Festlegen, welche Fotos eine Suche finden darf</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Networks…</source>
        <translation>Netze…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Choose the network that decides what is alike</source>
        <translation>Das Netz wählen, das entscheidet, was sich ähnelt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/networks/networks_dialog.py"/>
        <source>Networks</source>
        <translation>Netze</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Duplicates…</source>
        <translation>Duplikate…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Find photos that are there twice</source>
        <translation>Fotos finden, die doppelt vorhanden sind</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Add folder…</source>
        <translation>Ordner hinzufügen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Watch a photo folder</source>
        <translation>Einen Fotoordner überwachen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Export list…</source>
        <translation>Liste exportieren…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Close Gallery Search</source>
        <translation>Gallery Search schließen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Keyboard shortcuts</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Settings…</source>
        <translation>Einstellungen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Privacy…</source>
        <translation>Datenschutz…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>About Gallery Search</source>
        <translation>Über Gallery Search</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Copy image</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Copy paths</source>
        <translation>Pfade kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Copy to folder…</source>
        <translation>In Ordner kopieren…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Move to trash…</source>
        <translation>In den Papierkorb verschieben…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Undo move to trash</source>
        <translation>Aus dem Papierkorb zurückholen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Larger photos</source>
        <translation>Größere Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Smaller photos</source>
        <translation>Kleinere Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Usual size</source>
        <translation>Übliche Größe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Tool bar</source>
        <translation>Werkzeugleiste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>&amp;Tools</source>
        <translation>E&amp;xtras</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>More commands</source>
        <translation>Weitere Befehle</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Files that could not be read</source>
        <translation>Nicht lesbare Dateien</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Loading…</source>
        <translation>Wird geladen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Copy list</source>
        <translation>Liste kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Try again</source>
        <translation>Erneut versuchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Trying again…</source>
        <translation>Wird erneut versucht…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>{count} files could not be read. All other photos can be searched.</source>
        <extracomment>For one: {count} file could not be read. All other photos can be searched.</extracomment>
        <translation>
            <numerusform>{count} Datei konnte nicht gelesen werden. Alle anderen Fotos können durchsucht werden.</numerusform>
            <numerusform>{count} Dateien konnten nicht gelesen werden. Alle anderen Fotos können durchsucht werden.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Every photo could be read.</source>
        <translation>Alle Fotos konnten gelesen werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Add…</source>
        <comment>a folder</comment>
        <translation>Hinzufügen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Photo folders</source>
        <translation>Fotoordner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Stop watching</source>
        <translation>Nicht mehr überwachen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Stop watching “{name}”?</source>
        <translation>„{name}“ nicht mehr überwachen?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Its photos leave Gallery Search. The photos themselves stay untouched in the folder.</source>
        <translation>Die Fotos verschwinden aus Gallery Search. Die Dateien selbst bleiben unberührt im Ordner.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>Stop watching…</source>
        <translation>Nicht mehr überwachen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Prepare all photos with this network, then search with it</source>
        <translation>Alle Fotos mit diesem Netz vorbereiten und dann damit suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Give up the change to the other network</source>
        <translation>Den Wechsel zum anderen Netz abbrechen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Break it off; what has been downloaded is kept</source>
        <translation>Abbrechen; was heruntergeladen wurde, bleibt erhalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Take the weights from a file; it can also be dropped on this card</source>
        <translation>Die Gewichte aus einer Datei nehmen; sie lässt sich auch auf diese Karte ziehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Open {address} in the browser</source>
        <translation>{address} im Browser öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Stay with this one</source>
        <translation>Bei diesem bleiben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Import file…</source>
        <translation>Datei importieren…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Delete data…</source>
        <translation>Daten löschen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Source page</source>
        <translation>Seite im Internet</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Delete data</source>
        <translation>Daten löschen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Delete the data of {name}?</source>
        <translation>Die Daten von {name} löschen?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_summary.py"/>
        <source>Progress of {name}</source>
        <translation>Fortschritt von {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_summary.py"/>
        <source>Reading “{name}”…</source>
        <translation>„{name}“ wird gelesen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>A network decides what looks alike. When you choose another one, it first looks at all photos; until then the one before answers. Nothing is downloaded unless you ask for it.</source>
        <translation>Ein Netz entscheidet, was sich ähnlich sieht. Wenn Sie ein anderes wählen, sieht es sich zuerst alle Fotos an; bis dahin antwortet das bisherige. Heruntergeladen wird nur, was Sie verlangen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>searches by words</source>
        <translation>sucht mit Worten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Download {size}</source>
        <translation>{size} herunterladen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>What was kept for it goes.</source>
        <translation>Was dafür aufbewahrt wurde, wird gelöscht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>the CPU</source>
        <translation>die CPU</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on the CPU</source>
        <translation>auf der CPU</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Graphics card (CUDA)</source>
        <translation>Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>the graphics card (CUDA)</source>
        <translation>die Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on the graphics card (CUDA)</source>
        <translation>auf der Grafikkarte (CUDA)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Apple graphics chip</source>
        <translation>Apple-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>the Apple graphics chip</source>
        <translation>der Apple-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on the Apple graphics chip</source>
        <translation>auf dem Apple-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Intel graphics card</source>
        <translation>Intel-Grafikkarte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>the Intel graphics card</source>
        <translation>die Intel-Grafikkarte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on the Intel graphics card</source>
        <translation>auf der Intel-Grafikkarte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Intel graphics chip</source>
        <translation>Intel-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>the Intel graphics chip</source>
        <translation>der Intel-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on the Intel graphics chip</source>
        <translation>auf dem Intel-Grafikchip</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>licence:&#xa0;{licence}</source>
        <translation>Lizenz:&#xa0;{licence}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>speed not measured yet</source>
        <translation>Geschwindigkeit noch nicht gemessen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{time} a photo</source>
        <translation>{time} je Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{rate} photos a second</source>
        <translation>{rate} Fotos je Sekunde</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>on {device}</source>
        <translation>auf {device}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Starting…</source>
        <translation>Wird begonnen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Checking the weights…</source>
        <translation>Gewichte werden geprüft…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{size} on the disk will be freed, and what it learned about {count} photos is forgotten.</source>
        <extracomment>For one: {size} on the disk will be freed, and what it learned about {count} photo is forgotten.</extracomment>
        <translation>
            <numerusform>{size} auf dem Datenträger werden frei, und was es über {count} Foto gelernt hat, wird vergessen.</numerusform>
            <numerusform>{size} auf dem Datenträger werden frei, und was es über {count} Fotos gelernt hat, wird vergessen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{size} on the disk will be freed.</source>
        <translation>{size} auf dem Datenträger werden frei.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>What was kept for it goes, and what it learned about {count} photos is forgotten.</source>
        <extracomment>For one: What was kept for it goes, and what it learned about {count} photo is forgotten.</extracomment>
        <translation>
            <numerusform>Was dafür aufbewahrt wurde, wird gelöscht, und was es über {count} Foto gelernt hat, wird vergessen.</numerusform>
            <numerusform>Was dafür aufbewahrt wurde, wird gelöscht, und was es über {count} Fotos gelernt hat, wird vergessen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>answers your searches</source>
        <translation>beantwortet Ihre Suchen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>taking over: {done} of {count} photos</source>
        <extracomment>For one: taking over: {done} of {count} photo</extracomment>
        <translation>
            <numerusform>übernimmt: {done} von {count} Foto</numerusform>
            <numerusform>übernimmt: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>all {count} photos prepared</source>
        <extracomment>For one: all {count} photo prepared</extracomment>
        <translation>
            <numerusform>{count} Foto vorbereitet</numerusform>
            <numerusform>alle {count} Fotos vorbereitet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>at least {time} to prepare {count} photos</source>
        <extracomment>For one: at least {time} to prepare {count} photo</extracomment>
        <translation>
            <numerusform>mindestens {time}, um {count} Foto vorzubereiten</numerusform>
            <numerusform>mindestens {time}, um {count} Fotos vorzubereiten</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{size} on the disk</source>
        <translation>{size} auf dem Datenträger</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>comes with the program</source>
        <translation>im Programm enthalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Go on with the download ({part})</source>
        <translation>Weiter herunterladen ({part})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Go on ({part})</source>
        <translation>Weiter ({part})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{size}/s</source>
        <translation>{size}/s</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>To use it again, {size} have to be downloaded and all photos have to be prepared once more.</source>
        <translation>Um es wieder zu verwenden, müssen {size} heruntergeladen und alle Fotos noch einmal vorbereitet werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>To use it again, all photos have to be prepared once more.</source>
        <translation>Um es wieder zu verwenden, müssen alle Fotos noch einmal vorbereitet werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>Your photos stay untouched.</source>
        <translation>Ihre Fotos bleiben unberührt.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/networks/network_wording.py"/>
        <source>{done} of {count} photos prepared</source>
        <extracomment>For one: {done} of {count} photo prepared</extracomment>
        <translation>
            <numerusform>{done} von {count} Foto vorbereitet</numerusform>
            <numerusform>{done} von {count} Fotos vorbereitet</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/photo_view.py"/>
        <source>Nothing that was found is so similar.</source>
        <translation>Nichts, was gefunden wurde, ist so ähnlich.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/photo_view.py"/>
        <source>No photo to show. Search again when photos have been indexed.</source>
        <translation>Kein Foto gefunden. Suchen Sie noch einmal, wenn Fotos eingelesen sind.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/photo_view.py"/>
        <source>Found {count} photos. They appear here as they are indexed.</source>
        <extracomment>For one: Found {count} photo. They appear here as they are indexed.</extracomment>
        <translation>
            <numerusform>{count} Foto gefunden. Es erscheint hier, sobald es eingelesen ist.</numerusform>
            <numerusform>{count} Fotos gefunden. Sie erscheinen hier, sobald sie eingelesen sind.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/photo_view.py"/>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Looking for photos…</source>
        <translation>Fotos werden gesucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/photo_view.py"/>
        <source>There are no photos in these folders yet.</source>
        <translation>In diesen Ordnern sind noch keine Fotos.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Finds the photos of yours that look like an image. Nothing leaves the computer.</source>
        <translation>Findet Ihre Fotos, die einem Bild ähnlich sehen. Nichts verlässt den Computer.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Free software under the &lt;a href=&quot;#licence&quot;&gt;{licence} licence&lt;/a&gt;.</source>
        <translation>Freie Software unter der &lt;a href=&quot;#licence&quot;&gt;{licence}-Lizenz&lt;/a&gt;.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>It is made of these parts. Select one to read its licence.</source>
        <translation>Das Programm besteht aus diesen Teilen. Wählen Sie einen aus, um seine Lizenz zu lesen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Part</source>
        <translation>Teil</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/about_dialog.py"/>
        <source>Parts of the program</source>
        <translation>Teile des Programms</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>What is listed leaves the library until you remove the line; files are never touched.</source>
        <translation>Was hier steht, ist nicht in der Bibliothek, bis Sie die Zeile entfernen; Dateien werden nie angerührt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Give a name without “/”, such as *.tmp.jpg. For a folder there is “Add folder…”.</source>
        <translation>Geben Sie einen Namen ohne „/“ an, etwa *.tmp.jpg. Für einen Ordner gibt es „Ordner hinzufügen…“.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Left out</source>
        <translation>Ausgenommen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Name to leave out</source>
        <translation>Name, der ausgenommen wird</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Name or pattern, such as *.tmp.jpg</source>
        <translation>Name oder Muster, etwa *.tmp.jpg</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Add &amp;name</source>
        <translation>Na&amp;men hinzufügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>Add &amp;folder…</source>
        <translation>&amp;Ordner hinzufügen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/exclusions_field.py"/>
        <source>&amp;Remove</source>
        <translation>Ent&amp;fernen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>&amp;Indexing</source>
        <translation>&amp;Einlesen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Indexing</source>
        <translation>Einlesen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>&amp;Use of the computer</source>
        <translation>&amp;Auslastung des Computers</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>Use of the computer</source>
        <translation>Auslastung des Computers</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>&amp;Only while I am away</source>
        <translation>&amp;Nur wenn ich weg bin</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>Photos wait while keyboard or mouse are used</source>
        <translation>Fotos warten, solange Tastatur oder Maus benutzt werden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>&amp;Save battery</source>
        <translation>A&amp;kku schonen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/indexing_menu.py"/>
        <source>On battery it is slower, and below 30 % it waits</source>
        <translation>Im Akkubetrieb geht es langsamer, und unter 30&#xa0;% wartet es</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/login_switch.py"/>
        <source>It looks for new photos, without a window where it shows in the system tray.</source>
        <translation>Sucht nach neuen Fotos; ohne Fenster, wenn das Programm im Infobereich zu sehen ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/login_switch.py"/>
        <source>Start at &amp;login</source>
        <translation>&amp;Beim Anmelden starten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Nothing leaves this computer, and nothing is written into your photo folders. What Gallery Search keeps is in one folder, but for the start at login:</source>
        <translation>Nichts verlässt diesen Computer, und in Ihre Fotoordner wird nichts geschrieben. Was Gallery Search aufbewahrt, liegt in einem einzigen Ordner, außer dem Start beim Anmelden:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Remove everything…</source>
        <translation>Alles entfernen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Remove everything</source>
        <translation>Alles entfernen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Remove all that Gallery Search keeps, and close it?</source>
        <translation>Alles entfernen, was Gallery Search aufbewahrt, und das Programm schließen?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Your photos stay untouched. At the next start Gallery Search knows none of them.</source>
        <translation>Ihre Fotos bleiben unberührt. Beim nächsten Start kennt Gallery Search keines mehr.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Together</source>
        <translation>Zusammen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Automatic takes the fastest, as it was measured here.</source>
        <translation>„Automatisch“ nimmt das Schnellste, wie es hier gemessen wurde.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>An icon that tells what is going on, and pauses indexing.</source>
        <translation>Ein Symbol, das zeigt, was gerade geschieht, und das Einlesen anhalten kann.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>As the system</source>
        <translation>Wie das System</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Near-identical</source>
        <translation>Nahezu gleich</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Same scene</source>
        <translation>Gleiche Szene</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Same kind</source>
        <translation>Gleiche Art</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>All that were found</source>
        <translation>Alle gefundenen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>In the grid; the slider at the lower right is the same.</source>
        <translation>In der Übersicht; der Regler unten rechts tut dasselbe.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Network runs &amp;on</source>
        <translation>&amp;Netz läuft auf</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>How much of it indexing may take. Searches are never slowed.</source>
        <translation>Wie viel das Einlesen davon nehmen darf. Suchen werden nie gebremst.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Index only while I am &amp;away</source>
        <translation>Nur einlesen, wenn ich &amp;weg bin</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Photos wait while keyboard or mouse are used.</source>
        <translation>Fotos warten, solange Tastatur oder Maus benutzt werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Save &amp;battery</source>
        <translation>A&amp;kku schonen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>On battery indexing is slower, and below 30&#xa0;% it waits.</source>
        <translation>Im Akkubetrieb geht das Einlesen langsamer, und unter 30&#xa0;% wartet es.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>&amp;Show results down to</source>
        <translation>&amp;Treffer zeigen bis</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>What is less similar is hidden, until you move the slider in Refine.</source>
        <translation>Was weniger ähnlich ist, bleibt verborgen, bis Sie den Regler unter „Verfeinern“ bewegen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>&amp;Theme</source>
        <translation>&amp;Design</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Light or dark colours for all windows.</source>
        <translation>Helle oder dunkle Farben für alle Fenster.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Lan&amp;guage</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Of all windows. A change holds when Gallery Search is started again.</source>
        <translation>Für alle Fenster. Eine Änderung gilt, wenn Gallery Search neu gestartet wird.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Show in the s&amp;ystem tray</source>
        <translation>Im Infobereich an&amp;zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>&amp;Keep running when the window is closed</source>
        <translation>Nach dem Schließen des Fensters weiter&amp;laufen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>New photos are indexed meanwhile. Quit from the menu of the icon.</source>
        <translation>Neue Fotos werden dann weiter eingelesen. Beenden können Sie im Menü des Symbols.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Being loaded.</source>
        <translation>Wird geladen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Now: {device}.</source>
        <translation>Jetzt: {device}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Size of the photos</source>
        <translation>Größe der Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Left out of the library</source>
        <translation>Aus der Bibliothek ausgenommen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Searching</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Appearance</source>
        <translation>Darstellung</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Size of the &amp;photos</source>
        <translation>&amp;Größe der Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>This desktop has none.</source>
        <translation>Diese Arbeitsumgebung hat keinen Infobereich.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Look at the photo</source>
        <translation>Foto ansehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Space</source>
        <translation>Leertaste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Open the photo in another program</source>
        <translation>Foto in einem anderen Programm öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Enter</source>
        <translation>Eingabetaste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Find similar photos</source>
        <translation>Ähnliche Fotos suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>S</source>
        <translation>S</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Walk through the photos</source>
        <translation>Durch die Fotos gehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Arrows, Home, End, Page Up and Down</source>
        <translation>Pfeile, Pos1, Ende, Bild auf und Bild ab</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Select several photos</source>
        <translation>Mehrere Fotos auswählen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Shift with these, or with a click</source>
        <translation>Umschalt mit diesen oder mit einem Klick</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Add a photo to those selected</source>
        <translation>Ein Foto zur Auswahl hinzufügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Ctrl with a click</source>
        <translation>Strg mit einem Klick</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Photos larger or smaller</source>
        <translation>Fotos größer oder kleiner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Ctrl with the mouse wheel</source>
        <translation>Strg mit dem Mausrad</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Next or previous photo, looking at one</source>
        <translation>Nächstes oder voriges Foto beim Ansehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Arrows, Page Up and Down</source>
        <translation>Pfeile, Bild auf und Bild ab</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Zoom the photo</source>
        <translation>Foto vergrößern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Plus, minus, 0 and 1</source>
        <translation>Plus, Minus, 0 und 1</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Turn the photo</source>
        <translation>Foto drehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>R and Shift+R</source>
        <translation>R und Umschalt+R</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Details of the photo</source>
        <translation>Details zum Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>I</source>
        <translation>I</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>F11; Tab shows the bar</source>
        <translation>F11; Tab zeigt die Leiste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Choose a compared photo</source>
        <translation>Ein verglichenes Foto wählen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Tab, arrows, Alt+1 to Alt+4</source>
        <translation>Tab, Pfeile, Alt+1 bis Alt+4</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Zoom compared photos together</source>
        <translation>Verglichene Fotos gemeinsam vergrößern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>L</source>
        <translation>L</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Move a compared photo to the trash</source>
        <translation>Ein verglichenes Foto in den Papierkorb verschieben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Show a compared photo in its folder</source>
        <translation>Ein verglichenes Foto in seinem Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>F</source>
        <translation>F</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Close a compared photo</source>
        <translation>Ein verglichenes Foto schließen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>X</source>
        <translation>X</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Reset all</source>
        <translation>Alle zurücksetzen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Click on keys to press others. A change holds at once.</source>
        <translation>Klicken Sie auf Tasten, um andere zu drücken. Eine Änderung gilt sofort.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Keys for {command}</source>
        <translation>Tasten für {command}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>{keys} is in use for “{command}”. Choose others, or clear those.</source>
        <translation>{keys} wird schon für „{command}“ benutzt. Wählen Sie andere, oder löschen Sie jene.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/status_panel.py"/>
        <source>Show what could not be read, and why</source>
        <translation>Zeigen, was nicht gelesen werden konnte und warum</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/status_panel.py"/>
        <source>Indexing progress</source>
        <translation>Fortschritt beim Einlesen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/status_panel.py"/>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/status_panel.py"/>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>{count} new photos can be found now.</source>
        <extracomment>For one: {count} new photo can be found now.</extracomment>
        <translation>
            <numerusform>{count} neues Foto kann jetzt gefunden werden.</numerusform>
            <numerusform>{count} neue Fotos können jetzt gefunden werden.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>Open Gallery Search</source>
        <translation>Gallery Search öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>Pause indexing</source>
        <translation>Einlesen anhalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>Show in the system &amp;tray</source>
        <translation>Im &amp;Infobereich anzeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>An icon that tells what is going on, also without a window</source>
        <translation>Ein Symbol, das auch ohne Fenster zeigt, was gerade geschieht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>New photos are indexed; quit from the tray</source>
        <translation>Neue Fotos werden eingelesen; beenden können Sie im Infobereich</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>All photos are indexed</source>
        <translation>Alle Fotos sind eingelesen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/tray.py"/>
        <source>Resume indexing</source>
        <translation>Einlesen fortsetzen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/welcome.py"/>
        <source>Add the folder with your photos, then drop any image here to find the ones that look like it.</source>
        <translation>Fügen Sie den Ordner mit Ihren Fotos hinzu. Ziehen Sie dann ein beliebiges Bild hierher, um die Fotos zu finden, die ihm ähnlich sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/welcome.py"/>
        <source>Add a photo folder…</source>
        <translation>Fotoordner hinzufügen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/drop_target.py"/>
        <source>Drop it here</source>
        <translation>Hier ablegen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Table for a spreadsheet (*.csv)</source>
        <translation>Tabelle für eine Tabellenkalkulation (*.csv)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Networks (*.pth *.pt *.bin *.safetensors)</source>
        <translation>Netze (*.pth *.pt *.bin *.safetensors)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Import the weights of {name}</source>
        <translation>Gewichte von {name} importieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Add folder</source>
        <translation>Ordner hinzufügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Leave out</source>
        <translation>Ausnehmen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Copy to folder</source>
        <translation>In Ordner kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Copy here</source>
        <translation>Hierher kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Export list</source>
        <translation>Liste exportieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open image</source>
        <translation>Bild öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open with</source>
        <translation>Öffnen mit</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Add a photo folder</source>
        <translation>Fotoordner hinzufügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Leave a folder out</source>
        <translation>Ordner ausnehmen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Images ({patterns})</source>
        <translation>Bilder ({patterns})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Programs (*.app)</source>
        <translation>Programme (*.app)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/notice_bar.py"/>
        <source>Close this message</source>
        <translation>Diese Meldung schließen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} seconds</source>
        <extracomment>For one: {count} second</extracomment>
        <translation>
            <numerusform>{count} Sekunde</numerusform>
            <numerusform>{count} Sekunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} minutes</source>
        <extracomment>For one: {count} minute</extracomment>
        <translation>
            <numerusform>{count} Minute</numerusform>
            <numerusform>{count} Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} hours</source>
        <extracomment>For one: {count} hour</extracomment>
        <translation>
            <numerusform>{count} Stunde</numerusform>
            <numerusform>{count} Stunden</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>watching</source>
        <translation>wird überwacht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>offline – the folder cannot be reached</source>
        <translation>offline – der Ordner ist nicht erreichbar</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>checked every minute</source>
        <translation>wird jede Minute geprüft</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Reading the photos sets the pace</source>
        <translation>Das Lesen der Fotos bestimmt das Tempo</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>The network sets the pace</source>
        <translation>Das Netz bestimmt das Tempo</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>The disk sets the pace</source>
        <translation>Der Datenträger bestimmt das Tempo</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>All of it</source>
        <translation>Ganz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Half of it</source>
        <translation>Zur Hälfte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>A little of it</source>
        <translation>Ein wenig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Indexing takes half of the computer</source>
        <translation>Das Einlesen nimmt die Hälfte des Computers</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Indexing takes a little of the computer</source>
        <translation>Das Einlesen nimmt ein wenig vom Computer</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>“{name}” was left out: {problem}</source>
        <translation>„{name}“ wurde ausgelassen: {problem}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} more were left out, too.</source>
        <extracomment>For one: {count} more was left out, too.</extracomment>
        <translation>
            <numerusform>{count} weiteres wurde ebenfalls ausgelassen.</numerusform>
            <numerusform>{count} weitere wurden ebenfalls ausgelassen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} photos</source>
        <extracomment>For one: {count} photo</extracomment>
        <translation>
            <numerusform>{count} Foto</numerusform>
            <numerusform>{count} Fotos</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{part} of {whole}</source>
        <translation>{part} von {whole}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} photos waiting</source>
        <extracomment>For one: {count} photo waiting</extracomment>
        <translation>
            <numerusform>{count} Foto wartet</numerusform>
            <numerusform>{count} Fotos warten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Indexing: {done} of {count} photos</source>
        <extracomment>For one: Indexing: {done} of {count} photo</extracomment>
        <translation>
            <numerusform>Einlesen: {done} von {count} Foto</numerusform>
            <numerusform>Einlesen: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>refining: {done} of {count} photos</source>
        <extracomment>For one: refining: {done} of {count} photo</extracomment>
        <translation>
            <numerusform>wird verfeinert: {done} von {count} Foto</numerusform>
            <numerusform>wird verfeinert: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>about {time} left</source>
        <translation>noch etwa {time}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Preparing {network}: {done} of {count} photos</source>
        <extracomment>For one: Preparing {network}: {done} of {count} photo</extracomment>
        <translation>
            <numerusform>Vorbereitung für {network}: {done} von {count} Foto</numerusform>
            <numerusform>Vorbereitung für {network}: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Waiting until the computer is idle</source>
        <translation>Wartet, bis der Computer nicht benutzt wird</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{done} of {count} photos searchable</source>
        <extracomment>For one: {done} of {count} photo searchable</extracomment>
        <translation>
            <numerusform>{done} von {count} Foto durchsuchbar</numerusform>
            <numerusform>{done} von {count} Fotos durchsuchbar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} problems</source>
        <extracomment>For one: {count} problem</extracomment>
        <translation>
            <numerusform>{count} Problem</numerusform>
            <numerusform>{count} Probleme</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched {part} of {whole}</source>
        <translation>{part} von {whole} durchsucht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched {part} of {whole} that pass the filters</source>
        <translation>{part} von {whole}, die den Filtern entsprechen, durchsucht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{number} of {total}</source>
        <translation>{number} von {total}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>This photo is on “{drive}”, which is offline. Connect it to see the photo.</source>
        <translation>Dieses Foto liegt auf „{drive}“, und das ist offline. Schließen Sie es an, um das Foto zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>On “{drive}”, which is offline</source>
        <translation>Auf „{drive}“, das offline ist</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Indexing waits: {problem}</source>
        <translation>Das Einlesen wartet: {problem}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Ready to search</source>
        <translation>Bereit zum Suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{network} answers until then.</source>
        <translation>Bis dahin antwortet {network}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>The network before it answers until then.</source>
        <translation>Bis dahin antwortet das bisherige Netz.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Waiting: battery at {percent} %</source>
        <translation>Wartet: Akku bei {percent}&#xa0;%</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>No photos yet</source>
        <translation>Noch keine Fotos</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} photos, all searchable</source>
        <extracomment>For one: {count} photo, searchable</extracomment>
        <translation>
            <numerusform>{count} Foto, durchsuchbar</numerusform>
            <numerusform>{count} Fotos, alle durchsuchbar</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>There are no photos to search yet</source>
        <translation>Es gibt noch keine Fotos zu durchsuchen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched all {count} photos</source>
        <extracomment>For one: Searched the only photo</extracomment>
        <translation>
            <numerusform>Das einzige Foto durchsucht</numerusform>
            <numerusform>Alle {count} Fotos durchsucht</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched {part} of {whole}, still indexing</source>
        <translation>{part} von {whole} durchsucht, Einlesen läuft noch</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>No photo passes the filters</source>
        <translation>Kein Foto entspricht den Filtern</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched the {count} photos that pass the filters</source>
        <extracomment>For one: Searched the only photo that passes the filters</extracomment>
        <translation>
            <numerusform>Das einzige Foto durchsucht, das den Filtern entspricht</numerusform>
            <numerusform>Die {count} Fotos durchsucht, die den Filtern entsprechen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Searched {part} of {whole} that pass the filters, still indexing</source>
        <translation>{part} von {whole}, die den Filtern entsprechen, durchsucht, Einlesen läuft noch</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>offline – “{drive}” is not connected</source>
        <translation>offline – „{drive}“ ist nicht angeschlossen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Photo of the library</source>
        <translation>Foto der Bibliothek</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Getting ready for {count} photos; the first time takes up to a minute…</source>
        <extracomment>For one: Getting ready for {count} photo; the first time takes up to a minute…</extracomment>
        <translation>
            <numerusform>Vorbereitung für {count} Foto; beim ersten Mal dauert das bis zu einer Minute…</numerusform>
            <numerusform>Vorbereitung für {count} Fotos; beim ersten Mal dauert das bis zu einer Minute…</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{rate}/s</source>
        <translation>{rate}/s</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Paused</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>the other network</source>
        <translation>das andere Netz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Slower: on battery</source>
        <translation>Langsamer: Akkubetrieb</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>Cannot tell whether the computer is idle</source>
        <translation>Ob der Computer benutzt wird, ist nicht zu erkennen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>start at login</source>
        <translation>Start beim Anmelden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Your folders, and of each photo its file name, date, size and content&apos;s checksum; the searches that you saved, with copies of their images</source>
        <translation>Ihre Ordner und zu jedem Foto Dateiname, Datum, Größe und Prüfsumme des Inhalts; die Suchen, die Sie gespeichert haben, mit Kopien ihrer Bilder</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>The last copies of these</source>
        <translation>Die letzten Kopien davon</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>What the networks made of each photo: numbers that tell what it looks like</source>
        <translation>Was die Netze aus jedem Foto gemacht haben: Zahlen, die sagen, wie es aussieht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>The same, in the order in which it is searched</source>
        <translation>Dasselbe, so geordnet, wie es durchsucht wird</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>What you searched for lately, with small pictures; clear it, or turn it off, under Edit, Recent searches</source>
        <translation>Wonach Sie zuletzt gesucht haben, mit kleinen Bildern; leeren oder abschalten können Sie das unter „Bearbeiten“, „Letzte Suchen“</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Small copies of your photos</source>
        <translation>Kleine Kopien Ihrer Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Networks that you downloaded, and what was made of each for this computer</source>
        <translation>Netze, die Sie heruntergeladen haben, und was aus jedem für diesen Computer gemacht wurde</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Results of experiments, with small copies of photos, and what unfinished ones have done</source>
        <translation>Ergebnisse von Experimenten, mit kleinen Kopien von Fotos, und der Stand unvollendeter</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Pictures of a museum that you had fetched for experiments, and what they show</source>
        <translation>Bilder eines Museums, die Sie für Experimente geholt haben, und was sie zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Your settings, and the place of the window</source>
        <translation>Ihre Einstellungen und der Platz des Fensters</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>What went wrong, with file names</source>
        <translation>Was schiefgegangen ist, mit Dateinamen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>The entry that starts Gallery Search when you log in, if you want that, in the place that your system has for it</source>
        <translation>Der Eintrag, der Gallery Search beim Anmelden startet, falls Sie das wünschen, an dem Ort, den Ihr System dafür vorsieht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/kept.py"/>
        <source>Keeps two programs apart</source>
        <translation>Hält zwei Programme auseinander</translation>
    </message>
    <message>
        <location filename="../../gallery_search/parts.py"/>
        <source>not stated</source>
        <translation>nicht angegeben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/parts.py"/>
        <source>Licence: {licence}.</source>
        <translation>Lizenz: {licence}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/parts.py"/>
        <source>See {address}.</source>
        <translation>Siehe {address}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/parts.py"/>
        <source>Weights of {name}</source>
        <translation>Gewichte von {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/parts.py"/>
        <source>Its text does not come with this part.</source>
        <translation>Ihr Text liegt diesem Teil nicht bei.</translation>
    </message>
</context>
</TS>
