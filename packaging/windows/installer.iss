; SPDX-License-Identifier: MIT
; Inno Setup's description of the Windows installer: for one user, without an administrator.
; `windows_package.py` runs ISCC on it with /DVersion, /DBundle, /DIcon, /DLicence, /DOut and
; /DFileName. Not yet run: see docs/release.md.

#define Name "Gallery Search"
#define Program "Gallery Search.exe"

[Setup]
AppId={{6C0B3E2C-5B0C-4C0E-9A39-6D1B0B0F7A41}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher=The Gallery Search developers
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Licence}
OutputDir={#Out}
OutputBaseFilename={#FileName}
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\{#Program}
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
CloseApplications=yes
#ifdef SignTool
SignTool={#SignTool}
SignedUninstaller=yes
#endif

[Languages]
Name: "en"; MessagesFile: "compiler:Default.isl"
Name: "de"; MessagesFile: "compiler:Languages\German.isl"

[CustomMessages]
en.SearchSimilar=Search similar with Gallery Search
de.SearchSimilar=Ähnliche mit Gallery Search suchen
en.KeepLibrary=Keep the library, so that a later installation finds everything indexed?%n%nIt holds what Gallery Search knows of your photos, and small copies of them. Your photos themselves are not touched in either case.
de.KeepLibrary=Soll die Bibliothek bleiben, damit eine spätere Installation alles indiziert vorfindet?%n%nSie enthält, was Gallery Search von Ihren Fotos weiß, und kleine Kopien davon. Ihre Fotos selbst bleiben in jedem Fall unberührt.

[Tasks]
Name: "menu"; Description: "{cm:SearchSimilar}"
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked

[InstallDelete]
; Libraries of an older version would be loaded by the new one.
Type: filesandordirs; Name: "{app}\_internal"

[Files]
Source: "{#Bundle}\*"; DestDir: "{app}"; Flags: recursesubdirs createallsubdirs ignoreversion

[Icons]
Name: "{autoprograms}\{#Name}"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\GallerySearch"; ValueType: string; ValueData: "{cm:SearchSimilar}"; Flags: uninsdeletekey; Tasks: menu
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\GallerySearch"; ValueType: string; ValueName: "Icon"; ValueData: "{app}\{#Program}"; Tasks: menu
Root: HKCU; Subkey: "Software\Classes\SystemFileAssociations\image\shell\GallerySearch\command"; ValueType: string; ValueData: """{app}\{#Program}"" --similar-to ""%1"""; Tasks: menu

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[UninstallDelete]
Type: filesandordirs; Name: "{app}\_internal"

[Code]
procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Library: String;
begin
  if Step <> usPostUninstall then
    exit;
  RegDeleteValue(HKEY_CURRENT_USER, 'Software\Microsoft\Windows\CurrentVersion\Run', 'gallery-search');
  Library := ExpandConstant('{localappdata}\gallery-search');
  // A silent removal keeps it: nobody was asked.
  if DirExists(Library) and not UninstallSilent then
    if MsgBox(CustomMessage('KeepLibrary'), mbConfirmation, MB_YESNO or MB_DEFBUTTON1) = IDNO then
      DelTree(Library, True, True, True);
end;
