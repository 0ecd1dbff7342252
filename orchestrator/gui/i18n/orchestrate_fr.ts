<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr" sourcelanguage="en">
<context>
    <name>CloserPanel</name>
    <message>
        <source>Measurement</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Frame</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Adds (ADU)</source>
        <translation>Apport (ADU)</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>Poids</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>Écart</translation>
    </message>
    <message>
        <source>Rejected</source>
        <translation>Rejetés</translation>
    </message>
    <message>
        <source>There is no star at this place.</source>
        <translation>Il n’y a pas d’étoile à cet endroit.</translation>
    </message>
    <message>
        <source>Place (column, row)</source>
        <translation>Position (colonne, ligne)</translation>
    </message>
    <message>
        <source>Coordinates</source>
        <translation>Coordonnées</translation>
    </message>
    <message>
        <source>FWHM</source>
        <translation>FWHM</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rondeur</translation>
    </message>
    <message>
        <source>Flux (ADU)</source>
        <translation>Flux (ADU)</translation>
    </message>
    <message>
        <source>Brightest pixel (ADU)</source>
        <translation>Pixel le plus brillant (ADU)</translation>
    </message>
    <message>
        <source>Saturated</source>
        <translation>Saturée</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>oui</translation>
    </message>
    <message>
        <source>Magnitude, {0}</source>
        <translation>Magnitude, {0}</translation>
    </message>
    <message>
        <source>Signal-to-noise</source>
        <translation>Rapport signal/bruit</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Rejected there</source>
        <translation>Rejetées à cet endroit</translation>
    </message>
    <message>
        <source>Working: {0} …</source>
        <translation>En cours : {0} …</translation>
    </message>
    <message>
        <source>Dark blue {0}, yellow {1} {2}</source>
        <translation>Bleu foncé {0}, jaune {1} {2}</translation>
    </message>
    <message>
        <source>Measuring …</source>
        <translation>Mesure en cours …</translation>
    </message>
    <message>
        <source>Click on the image, or press Enter there for the middle of the view.</source>
        <translation>Cliquez sur l’image, ou appuyez sur Entrée pour le milieu de la vue.</translation>
    </message>
    <message>
        <source>the star</source>
        <translation>l’étoile</translation>
    </message>
    <message>
        <source>the frames, ranked by what they add</source>
        <translation>les images, classées selon leur apport</translation>
    </message>
    <message>
        <source>none</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>frames at each place</source>
        <translation>images en chaque point</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>poids</translation>
    </message>
    <message>
        <source>rejected frames</source>
        <translation>images rejetées</translation>
    </message>
    <message>
        <source>noise</source>
        <translation>bruit</translation>
    </message>
    <message>
        <source>background subtracted</source>
        <translation>fond soustrait</translation>
    </message>
    <message>
        <source>stack minus plain mean</source>
        <translation>empilement moins moyenne simple</translation>
    </message>
    <message>
        <source>A c&amp;lick shows:</source>
        <translation>Un c&amp;lic montre :</translation>
    </message>
    <message>
        <source>&amp;Map:</source>
        <translation>&amp;Carte :</translation>
    </message>
    <message>
        <source>Gri&amp;d and objects</source>
        <translation>&amp;Grille et objets</translation>
    </message>
    <message>
        <source>Right ascension, declination and names of objects; needs a plate solution</source>
        <translation>Ascension droite, déclinaison et noms des objets ; nécessite une solution astrométrique</translation>
    </message>
    <message>
        <source>E&amp;xclude here</source>
        <translation>E&amp;xclure ici</translation>
    </message>
    <message>
        <source>Exclude the selected frames from the tiles at this place; only these are stacked again</source>
        <translation>Exclure les images choisies des tuiles à cet endroit ; seules celles-ci sont empilées de nouveau</translation>
    </message>
    <message>
        <source>Exclude every&amp;where</source>
        <translation>Exclure &amp;partout</translation>
    </message>
    <message>
        <source>Include a&amp;gain</source>
        <translation>In&amp;clure de nouveau</translation>
    </message>
    <message>
        <source>Repeat for the finished stack:</source>
        <translation>Répéter pour l’empilement terminé :</translation>
    </message>
    <message>
        <source>Astr&amp;ometry</source>
        <translation>Astr&amp;ométrie</translation>
    </message>
    <message>
        <source>C&amp;olours</source>
        <translation>Co&amp;uleurs</translation>
    </message>
    <message>
        <source>Sto&amp;p</source>
        <translation>Arrê&amp;ter</translation>
    </message>
    <message>
        <source>What is at the place that was clicked</source>
        <translation>Ce qui se trouve à l’endroit cliqué</translation>
    </message>
    <message>
        <source>Colours of the map</source>
        <translation>Couleurs de la carte</translation>
    </message>
</context>
<context>
    <name>DropZone</name>
    <message>
        <source>Drop a folder of raw frames here</source>
        <translation>Déposez ici un dossier d’images brutes</translation>
    </message>
    <message>
        <source>Drop more nights here</source>
        <translation>Déposez ici d’autres nuits</translation>
    </message>
    <message>
        <source>A night with its lights, darks, flats and biases, or a folder of nights. Files are sorted by their headers and folder names; raw files are never changed.</source>
        <translation>Une nuit avec ses lights, darks, flats et biais, ou un dossier de nuits. Les fichiers sont triés selon leurs en-têtes et les noms des dossiers ; les fichiers bruts ne sont jamais modifiés.</translation>
    </message>
    <message>
        <source>&amp;Open folder …</source>
        <translation>&amp;Ouvrir un dossier …</translation>
    </message>
    <message>
        <source>Open pro&amp;ject …</source>
        <translation>Ouvrir un pro&amp;jet …</translation>
    </message>
</context>
<context>
    <name>ErrorCard</name>
    <message>
        <source>Show the nights</source>
        <translation>Afficher les nuits</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Afficher les réglages</translation>
    </message>
    <message>
        <source>Use the native engine</source>
        <translation>Utiliser le moteur natif</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Afficher le résultat</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Réessayer</translation>
    </message>
</context>
<context>
    <name>FoundRow</name>
    <message>
        <source>Use these darks …</source>
        <translation>Utiliser ces darks …</translation>
    </message>
    <message>
        <source>Use these flats …</source>
        <translation>Utiliser ces flats …</translation>
    </message>
    <message>
        <source>Leave this night out</source>
        <translation>Laisser cette nuit de côté</translation>
    </message>
    <message>
        <source>Choose the object</source>
        <translation>Choisir l’objet</translation>
    </message>
    <message>
        <source>Add this night</source>
        <translation>Ajouter cette nuit</translation>
    </message>
    <message>
        <source>Stack them anyway</source>
        <translation>Empiler quand même</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>Afficher les réglages</translation>
    </message>
    <message>
        <source>Use all filters</source>
        <translation>Utiliser tous les filtres</translation>
    </message>
    <message numerus="yes">
        <source>{0}: %n light(s)</source>
        <translation>
            <numerusform>{0} : %n light</numerusform>
            <numerusform>{0} : %n lights</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FramePlot</name>
    <message numerus="yes">
        <source>%n frame(s), median FWHM {0} px, last {1} px</source>
        <translation>
            <numerusform>%n image, FWHM médiane {0} px, dernière {1} px</numerusform>
            <numerusform>%n images, FWHM médiane {0} px, dernière {1} px</numerusform>
        </translation>
    </message>
    <message>
        <source>No frame has been measured yet</source>
        <translation>Aucune image n’est encore mesurée</translation>
    </message>
    <message>
        <source>frame {0} of {1}</source>
        <translation>image {0} sur {1}</translation>
    </message>
    <message>
        <source>Score (% of the best frame)</source>
        <translation>Note (% de la meilleure image)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Score and FWHM of the frames</source>
        <translation>Note et FWHM des images</translation>
    </message>
</context>
<context>
    <name>FramePlots</name>
    <message>
        <source>No light has been measured yet.</source>
        <translation>Aucune image brute n’est encore mesurée.</translation>
    </message>
</context>
<context>
    <name>FrameWords</name>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Night</source>
        <translation>Nuit</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Type</translation>
    </message>
    <message>
        <source>Score (%)</source>
        <translation>Score (%)</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Stars</source>
        <translation>Étoiles</translation>
    </message>
    <message>
        <source>Roundness</source>
        <translation>Rondeur</translation>
    </message>
    <message>
        <source>Sky (ADU)</source>
        <translation>Ciel (ADU)</translation>
    </message>
    <message>
        <source>Noise (ADU)</source>
        <translation>Bruit (ADU)</translation>
    </message>
    <message>
        <source>Transparency (%)</source>
        <translation>Transparence (%)</translation>
    </message>
    <message>
        <source>Remarks</source>
        <translation>Remarques</translation>
    </message>
    <message>
        <source>Exposure (s)</source>
        <translation>Pose (s)</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Gain</translation>
    </message>
    <message>
        <source>Temp. (°C)</source>
        <translation>Temp. (°C)</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filtre</translation>
    </message>
    <message>
        <source>Time (UTC)</source>
        <translation>Heure (UTC)</translation>
    </message>
    <message>
        <source>light</source>
        <translation>brute</translation>
    </message>
    <message>
        <source>dark</source>
        <translation>dark</translation>
    </message>
    <message>
        <source>flat</source>
        <translation>flat</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>bias</translation>
    </message>
    <message>
        <source>dark-flat</source>
        <translation>dark-flat</translation>
    </message>
    <message>
        <source>not used</source>
        <translation>non utilisé</translation>
    </message>
    <message>
        <source>Clouds or haze: {0} % of the star light.</source>
        <translation>Nuages ou brume : {0} % de la lumière des étoiles.</translation>
    </message>
    <message>
        <source>Blurred stars: FWHM {0} px, usually {1}.</source>
        <translation>Étoiles floues : FWHM {0} px, habituellement {1}.</translation>
    </message>
    <message>
        <source>Elongated stars: roundness {0}, usually {1}.</source>
        <translation>Étoiles allongées : rondeur {0}, habituellement {1}.</translation>
    </message>
    <message>
        <source>Few stars: {0}, usually {1}.</source>
        <translation>Peu d’étoiles : {0}, habituellement {1}.</translation>
    </message>
    <message>
        <source>Bright sky: {0} ADU, usually {1}.</source>
        <translation>Ciel clair : {0} ADU, habituellement {1}.</translation>
    </message>
    <message>
        <source>More noise: {0} ADU, usually {1}.</source>
        <translation>Plus de bruit : {0} ADU, habituellement {1}.</translation>
    </message>
</context>
<context>
    <name>FramesPage</name>
    <message>
        <source>FWHM {0} px, {1} stars</source>
        <translation>FWHM {0} px, {1} étoiles</translation>
    </message>
    <message>
        <source>Ni&amp;ght:</source>
        <translation>N&amp;uit :</translation>
    </message>
    <message>
        <source>&amp;Kind:</source>
        <translation>T&amp;ype :</translation>
    </message>
    <message>
        <source>Scan &amp;again</source>
        <translation>Anal&amp;yser à nouveau</translation>
    </message>
    <message>
        <source>Accept (A)</source>
        <translation>Accepter (A)</translation>
    </message>
    <message>
        <source>Reject (X)</source>
        <translation>Rejeter (X)</translation>
    </message>
    <message>
        <source>Undo (U)</source>
        <translation>Annuler (U)</translation>
    </message>
    <message>
        <source>Select with re&amp;marks</source>
        <translation>Sélectionner avec re&amp;marques</translation>
    </message>
    <message>
        <source>Show the selected frames, or all, one after another (Ctrl+B)</source>
        <translation>Afficher les images sélectionnées, ou toutes, l’une après l’autre (Ctrl+B)</translation>
    </message>
    <message>
        <source>Frames per second</source>
        <translation>Images par seconde</translation>
    </message>
    <message>
        <source>Image of the frame</source>
        <translation>Aperçu de l’image</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>Arrê&amp;ter</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0} excluded, {1} with remarks</source>
        <translation>
            <numerusform>%n brute, {0} exclues, {1} avec remarques</numerusform>
            <numerusform>%n brutes, {0} exclues, {1} avec remarques</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;Blink</source>
        <translation>C&amp;lignoter</translation>
    </message>
    <message>
        <source>Sp&amp;eed:</source>
        <translation>&amp;Vitesse :</translation>
    </message>
    <message>
        <source>Frames of the night</source>
        <translation>Images de la nuit</translation>
    </message>
    <message>
        <source>Quality of the lights over time; drag a rectangle to select frames</source>
        <translation>Qualité des images brutes au fil du temps ; tracez un rectangle pour sélectionner des images</translation>
    </message>
    <message>
        <source>Measuring frames</source>
        <translation>Mesure des images</translation>
    </message>
    <message>
        <source>all</source>
        <translation>toutes</translation>
    </message>
</context>
<context>
    <name>GoalPanel</name>
    <message>
        <source>about {0}</source>
        <translation>environ {0}</translation>
    </message>
    <message>
        <source>{0} of {1} free</source>
        <translation>{0} sur {1} libres</translation>
    </message>
    <message>
        <source>The disk of the folder for runs is too full: choose another in the project details.</source>
        <translation>Le disque du dossier des exécutions est trop plein : choisissez-en un autre dans les détails du projet.</translation>
    </message>
    <message>
        <source>Little memory is free: close other programs, or the run will be slow.</source>
        <translation>Peu de mémoire est libre : fermez d’autres programmes, sinon l’exécution sera lente.</translation>
    </message>
    <message>
        <source>&amp;Best picture</source>
        <translation>&amp;Meilleure image</translation>
    </message>
    <message>
        <source>&amp;Quick look</source>
        <translation>Aperçu rapid&amp;e</translation>
    </message>
    <message>
        <source>S&amp;cience</source>
        <translation>S&amp;cience</translation>
    </message>
    <message>
        <source>M&amp;osaic</source>
        <translation>M&amp;osaïque</translation>
    </message>
    <message>
        <source>The most detail and the least noise.</source>
        <translation>Le plus de détails et le moins de bruit.</translation>
    </message>
    <message>
        <source>Half size, in a fraction of the time.</source>
        <translation>Moitié de la taille, en une fraction du temps.</translation>
    </message>
    <message>
        <source>Linear pixels with their variance; the sky is not subtracted.</source>
        <translation>Pixels linéaires avec leur variance ; le ciel n’est pas soustrait.</translation>
    </message>
    <message>
        <source>All panels on one canvas.</source>
        <translation>Tous les panneaux sur un même cadre.</translation>
    </message>
    <message>
        <source>What is it for?</source>
        <translation>Pour quoi faire ?</translation>
    </message>
    <message>
        <source>What it takes</source>
        <translation>Ce qu’il faut</translation>
    </message>
    <message>
        <source>Your own settings (page Settings). A goal replaces only its own.</source>
        <translation>Vos propres réglages (page Réglages). Un but ne remplace que les siens.</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>Temps</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>Mémoire</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disque</translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>Em&amp;piler</translation>
    </message>
</context>
<context>
    <name>NightCard</name>
    <message>
        <source>Reading the headers …</source>
        <translation>Lecture des en-têtes …</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>{0}, a device without an entry</source>
        <translation>{0}, un appareil sans entrée</translation>
    </message>
    <message>
        <source>Device not recognised</source>
        <translation>Appareil non reconnu</translation>
    </message>
    <message>
        <source>No lights</source>
        <translation>Aucun light</translation>
    </message>
    <message numerus="yes">
        <source>%n light(s), {0}</source>
        <translation>
            <numerusform>%n light, {0}</numerusform>
            <numerusform>%n lights, {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1} ({2})</source>
        <translation>{0} : {1} ({2})</translation>
    </message>
    <message>
        <source>no filter name</source>
        <translation>sans nom de filtre</translation>
    </message>
    <message>
        <source>Darks</source>
        <translation>Darks</translation>
    </message>
    <message>
        <source>Flats</source>
        <translation>Flats</translation>
    </message>
    <message>
        <source>Biases</source>
        <translation>Biais</translation>
    </message>
    <message>
        <source>Dark-flats</source>
        <translation>Dark-flats</translation>
    </message>
    <message>
        <source>{0}: none found</source>
        <translation>{0} : aucun trouvé</translation>
    </message>
    <message>
        <source>gain {0}</source>
        <translation>gain {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n master(s)</source>
        <translation>
            <numerusform>%n master</numerusform>
            <numerusform>%n masters</numerusform>
        </translation>
    </message>
    <message>
        <source>{0}: {1}</source>
        <translation>{0} : {1}</translation>
    </message>
    <message>
        <source>scaled to {0} times their exposure</source>
        <translation>mis à l’échelle de {0} fois leur pose</translation>
    </message>
    <message>
        <source>from {0}</source>
        <translation>de {0}</translation>
    </message>
    <message>
        <source>Use this night</source>
        <translation>Utiliser cette nuit</translation>
    </message>
    <message>
        <source>Use the night {0}</source>
        <translation>Utiliser la nuit {0}</translation>
    </message>
    <message>
        <source>Remove this night from the project; its files stay</source>
        <translation>Retirer cette nuit du projet ; ses fichiers restent</translation>
    </message>
    <message>
        <source>Remove the night {0}</source>
        <translation>Retirer la nuit {0}</translation>
    </message>
    <message>
        <source>One light of {0}</source>
        <translation>Un light de {0}</translation>
    </message>
</context>
<context>
    <name>PicturePane</name>
    <message>
        <source>Preparing the image …</source>
        <translation>Préparation de l’image …</translation>
    </message>
    <message>
        <source>{0} cannot be shown.</source>
        <translation>{0} ne peut pas être affiché.</translation>
    </message>
    <message>
        <source>Compare with an image of the same field</source>
        <translation>Comparer avec une image du même champ</translation>
    </message>
    <message>
        <source>the stack</source>
        <translation>l’empilement</translation>
    </message>
    <message>
        <source>The recipe was saved: {0}</source>
        <translation>La recette a été enregistrée : {0}</translation>
    </message>
    <message>
        <source>PNG, 8 bits</source>
        <translation>PNG, 8 bits</translation>
    </message>
    <message>
        <source>JPEG</source>
        <translation>JPEG</translation>
    </message>
    <message>
        <source>TIFF, 16 bits</source>
        <translation>TIFF, 16 bits</translation>
    </message>
    <message>
        <source>Export the picture</source>
        <translation>Exporter l’image</translation>
    </message>
    <message>
        <source>Writing {0} …</source>
        <translation>Écriture de {0} …</translation>
    </message>
    <message>
        <source>The picture was written: {0}</source>
        <translation>L’image a été écrite : {0}</translation>
    </message>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Le programme {0} n’a pas pu être lancé.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>rien</translation>
    </message>
    <message>
        <source>the plain mean</source>
        <translation>la moyenne simple</translation>
    </message>
    <message>
        <source>another image, such as a stack by Siril …</source>
        <translation>une autre image, par exemple un empilement de Siril …</translation>
    </message>
    <message>
        <source>the frame {0}</source>
        <translation>l’image {0}</translation>
    </message>
    <message>
        <source>Siril&apos;s stack {0}</source>
        <translation>l’empilement de Siril {0}</translation>
    </message>
    <message>
        <source>&amp;Image:</source>
        <translation>&amp;Image :</translation>
    </message>
    <message>
        <source>&amp;Compare with:</source>
        <translation>&amp;Comparer avec :</translation>
    </message>
    <message>
        <source>&amp;Divider:</source>
        <translation>&amp;Séparateur :</translation>
    </message>
    <message>
        <source>Divider between before and after</source>
        <translation>Séparateur entre avant et après</translation>
    </message>
    <message>
        <source>Image of the result</source>
        <translation>Image du résultat</translation>
    </message>
    <message>
        <source>Wheel or + and -: zoom; drag: move; F: fit to the view; 1: 1:1</source>
        <translation>Molette ou + et - : zoom ; glisser : déplacer ; F : ajuster à la vue ; 1 : 1:1</translation>
    </message>
    <message>
        <source>&amp;Fit</source>
        <translation>A&amp;juster</translation>
    </message>
    <message>
        <source>&amp;1:1</source>
        <translation>&amp;1:1</translation>
    </message>
    <message>
        <source>Sa&amp;ve recipe</source>
        <translation>Enre&amp;gistrer la recette</translation>
    </message>
    <message>
        <source>Keep these settings beside the image, for this page and for `orchestrate develop`</source>
        <translation>Conserver ces réglages à côté de l’image, pour cette page et pour `orchestrate develop`</translation>
    </message>
    <message>
        <source>E&amp;xport picture …</source>
        <translation>E&amp;xporter l’image …</translation>
    </message>
    <message>
        <source>Ope&amp;n in Siril</source>
        <translation>Ouvrir dans S&amp;iril</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Look closer</source>
        <translation>Regarder de près</translation>
    </message>
</context>
<context>
    <name>ProjectDetails</name>
    <message>
        <source>Choose the folder for runs</source>
        <translation>Choisir le dossier des exécutions</translation>
    </message>
    <message>
        <source>not saved yet</source>
        <translation>pas encore enregistré</translation>
    </message>
    <message>
        <source>Project details</source>
        <translation>Détails du projet</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>No&amp;m :</translation>
    </message>
    <message>
        <source>File:</source>
        <translation>Fichier :</translation>
    </message>
    <message>
        <source>Folder for r&amp;uns:</source>
        <translation>Dossier des exéc&amp;utions :</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Choisir …</translation>
    </message>
</context>
<context>
    <name>RecipePanel</name>
    <message>
        <source>Natural</source>
        <translation>Naturel</translation>
    </message>
    <message>
        <source>Midtones (autostretch)</source>
        <translation>Tons moyens (étirement automatique)</translation>
    </message>
    <message>
        <source>Asinh</source>
        <translation>Asinh</translation>
    </message>
    <message>
        <source>Generalised hyperbolic (GHS)</source>
        <translation>Hyperbolique généralisé (GHS)</translation>
    </message>
    <message>
        <source>Linear</source>
        <translation>Linéaire</translation>
    </message>
    <message>
        <source>Neutral</source>
        <translation>Neutre</translation>
    </message>
    <message>
        <source>Picked place</source>
        <translation>Endroit choisi</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>Inchangé</translation>
    </message>
    <message>
        <source>Strengt&amp;h:</source>
        <translation>&amp;Force :</translation>
    </message>
    <message>
        <source>0 does not stretch; ln(D + 1)</source>
        <translation>0 n’étire pas ; ln(D + 1)</translation>
    </message>
    <message>
        <source>Foc&amp;us:</source>
        <translation>Foc&amp;us :</translation>
    </message>
    <message>
        <source>Contrast near the symmetry point (b)</source>
        <translation>Contraste près du point de symétrie (b)</translation>
    </message>
    <message>
        <source>S&amp;ymmetry:</source>
        <translation>S&amp;ymétrie :</translation>
    </message>
    <message>
        <source>Level with the most contrast (SP)</source>
        <translation>Niveau le plus contrasté (SP)</translation>
    </message>
    <message>
        <source>S&amp;hadows:</source>
        <translation>&amp;Ombres :</translation>
    </message>
    <message>
        <source>Below this level the curve is straight (LP)</source>
        <translation>Sous ce niveau la courbe est droite (LP)</translation>
    </message>
    <message>
        <source>Hi&amp;ghlights:</source>
        <translation>&amp;Hautes lumières :</translation>
    </message>
    <message>
        <source>Above this level the curve is straight (HP)</source>
        <translation>Au-dessus de ce niveau la courbe est droite (HP)</translation>
    </message>
    <message>
        <source>&amp;Green noise:</source>
        <translation>Bruit &amp;vert :</translation>
    </message>
    <message>
        <source>Remove green above the mean of red and blue</source>
        <translation>Retirer le vert au-dessus de la moyenne du rouge et du bleu</translation>
    </message>
    <message>
        <source>Satur&amp;ation:</source>
        <translation>S&amp;aturation :</translation>
    </message>
    <message>
        <source>1 keeps the colours, 0 is grey</source>
        <translation>1 conserve les couleurs, 0 est gris</translation>
    </message>
    <message>
        <source>From the image</source>
        <translation>D’après l’image</translation>
    </message>
    <message>
        <source>{0} from the image</source>
        <translation>{0} d’après l’image</translation>
    </message>
    <message>
        <source>Stre&amp;tch:</source>
        <translation>É&amp;tirement :</translation>
    </message>
    <message>
        <source>&amp;Background:</source>
        <translation>&amp;Fond :</translation>
    </message>
    <message>
        <source>Same curve for all &amp;colours</source>
        <translation>Même &amp;courbe pour toutes les couleurs</translation>
    </message>
    <message>
        <source>Le&amp;vel the sky</source>
        <translation>Aplanir le &amp;ciel</translation>
    </message>
    <message>
        <source>&amp;Pick</source>
        <translation>&amp;Choisir</translation>
    </message>
    <message>
        <source>Then click on a place of the sky in the image</source>
        <translation>Cliquez ensuite sur un endroit du ciel dans l’image</translation>
    </message>
    <message>
        <source>Reset pict&amp;ure</source>
        <translation>Réinitialiser l’ima&amp;ge</translation>
    </message>
    <message>
        <source>Histogram with handles for black, middle and white</source>
        <translation>Histogramme avec poignées pour le noir, le milieu et le blanc</translation>
    </message>
    <message>
        <source>Drag the handles; double-click to reset. Keys: 1, 2, 3 choose, arrows move</source>
        <translation>Faites glisser les poignées ; double-clic pour réinitialiser. Touches : 1, 2, 3 choisissent, les flèches déplacent</translation>
    </message>
</context>
<context>
    <name>ResultsPage</name>
    <message>
        <source>finished</source>
        <translation>terminée</translation>
    </message>
    <message>
        <source>finished, threshold missed</source>
        <translation>terminée, seuil non atteint</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échec</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>interrompue</translation>
    </message>
    <message>
        <source>running</source>
        <translation>en cours</translation>
    </message>
    <message>
        <source>unfinished</source>
        <translation>inachevée</translation>
    </message>
    <message>
        <source>finished, a filter is missing</source>
        <translation>terminée, un filtre manque</translation>
    </message>
    <message>
        <source>Measurement</source>
        <translation>Mesure</translation>
    </message>
    <message>
        <source>Measurements of the run</source>
        <translation>Mesures de l’exécution</translation>
    </message>
    <message>
        <source>Refre&amp;sh</source>
        <translation>Act&amp;ualiser</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Exécution</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Exécutions</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valeur</translation>
    </message>
    <message>
        <source>Open r&amp;eport</source>
        <translation>Ouvrir le rapp&amp;ort</translation>
    </message>
    <message>
        <source>Open fo&amp;lder</source>
        <translation>Ouvrir le dossi&amp;er</translation>
    </message>
    <message>
        <source>Res&amp;ume this run</source>
        <translation>Reprendre &amp;cette exécution</translation>
    </message>
</context>
<context>
    <name>RunDetails</name>
    <message>
        <source>running …</source>
        <translation>en cours …</translation>
    </message>
    <message>
        <source>done</source>
        <translation>fait</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>omis</translation>
    </message>
    <message>
        <source>kept</source>
        <translation>conservé</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échoué</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>interrompu</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>Étape</translation>
    </message>
    <message>
        <source>State</source>
        <translation>État</translation>
    </message>
    <message>
        <source>Seconds</source>
        <translation>Secondes</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Raison</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>Étapes</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>&amp;Warnings only</source>
        <translation>A&amp;vertissements seulement</translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message>
        <source>Run {0}</source>
        <translation>Exécution {0}</translation>
    </message>
    <message>
        <source>Filter {0} ({1} of {2})</source>
        <translation>Filtre {0} ({1} sur {2})</translation>
    </message>
    <message>
        <source>The finished picture. The page Results develops and exports it.</source>
        <translation>L’image finie. La page Résultats la développe et l’exporte.</translation>
    </message>
    <message numerus="yes">
        <source>Mean of %n frame(s) of {0} so far</source>
        <translation>
            <numerusform>Moyenne de %n image sur {0} jusqu’ici</numerusform>
            <numerusform>Moyenne de %n images sur {0} jusqu’ici</numerusform>
        </translation>
    </message>
    <message>
        <source>The picture appears with the first frames.</source>
        <translation>L’image apparaît avec les premières poses.</translation>
    </message>
    <message>
        <source>{0} so far</source>
        <translation>{0} jusqu’ici</translation>
    </message>
    <message>
        <source>{0}, about {1} left</source>
        <translation>{0}, encore environ {1}</translation>
    </message>
    <message>
        <source>Aborted. Completed phases are kept; Resume continues from there.</source>
        <translation>Interrompu. Les phases terminées sont conservées ; Reprendre continue à partir de là.</translation>
    </message>
    <message>
        <source>Failed.</source>
        <translation>Échec.</translation>
    </message>
    <message>
        <source>Finished, but a filter is missing.</source>
        <translation>Terminé, mais un filtre manque.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked; the stacks are not combined.</source>
        <translation>Brutes par filtre : {0}. Chaque filtre est empilé ; les empilements ne sont pas combinés.</translation>
    </message>
    <message>
        <source>Lights by filter: {0}. Each filter is stacked on the same pixels; the stacks are combined as {1}.</source>
        <translation>Brutes par filtre : {0}. Chaque filtre est empilé sur les mêmes pixels ; les empilements sont combinés en {1}.</translation>
    </message>
    <message>
        <source>End now</source>
        <translation>Arrêter immédiatement</translation>
    </message>
    <message numerus="yes">
        <source>Show %n invalid setting(s)</source>
        <translation>
            <numerusform>Afficher %n réglage non valide</numerusform>
            <numerusform>Afficher %n réglages non valides</numerusform>
        </translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Nothing to stack yet</source>
        <translation>Rien à empiler pour l’instant</translation>
    </message>
    <message>
        <source>Stacking {0}</source>
        <translation>Empilement de {0}</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked to {0}</source>
        <translation>
            <numerusform>%n nuit sera empilée dans {0}</numerusform>
            <numerusform>%n nuits seront empilées dans {0}</numerusform>
        </translation>
    </message>
    <message>
        <source>Stac&amp;k</source>
        <translation>&amp;Empiler</translation>
    </message>
    <message>
        <source>Show the result</source>
        <translation>Afficher le résultat</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>S&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>Deta&amp;ils</source>
        <translation>Déta&amp;ils</translation>
    </message>
    <message>
        <source>name of the run; default: time and session</source>
        <translation>nom de l’exécution ; par défaut : heure et session</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>The picture as it grows</source>
        <translation>L’image qui se forme</translation>
    </message>
    <message>
        <source>Field {0} ({1} of {2})</source>
        <translation>Champ {0} ({1} sur {2})</translation>
    </message>
    <message>
        <source>Finished.</source>
        <translation>Terminé.</translation>
    </message>
    <message>
        <source>Finished, but a validation threshold was missed: see the report.</source>
        <translation>Terminé, mais un seuil de validation n’est pas atteint : voir le rapport.</translation>
    </message>
    <message>
        <source>{0} is not stacked: {1}</source>
        <translation>{0} n’est pas empilé : {1}</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>Stopping …</source>
        <translation>Arrêt en cours …</translation>
    </message>
    <message>
        <source>Add a folder of raw frames on the page Start.</source>
        <translation>Ajoutez un dossier d’images brutes sur la page Accueil.</translation>
    </message>
    <message>
        <source>Res&amp;ume</source>
        <translation>&amp;Reprendre</translation>
    </message>
    <message>
        <source>Na&amp;me:</source>
        <translation>No&amp;m :</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Progression de l’exécution</translation>
    </message>
</context>
<context>
    <name>ScriptsWindow</name>
    <message>
        <source>Writing …</source>
        <translation>Écriture …</translation>
    </message>
    <message>
        <source>Checking …</source>
        <translation>Vérification …</translation>
    </message>
    <message>
        <source>Siril is running the scripts …</source>
        <translation>Siril exécute les scripts …</translation>
    </message>
    <message numerus="yes">
        <source>%n script(s) written.</source>
        <translation>
            <numerusform>%n script écrit.</numerusform>
            <numerusform>%n scripts écrits.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Siril has finished. %n image(s) written.</source>
        <translation>
            <numerusform>Siril a terminé. %n image écrite.</numerusform>
            <numerusform>Siril a terminé. %n images écrites.</numerusform>
        </translation>
    </message>
    <message>
        <source>error</source>
        <translation>erreur</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>avertissement</translation>
    </message>
    <message>
        <source>note</source>
        <translation>remarque</translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) found. Siril would stop there, or ignore the line.</source>
        <translation>
            <numerusform>%n erreur trouvée. Siril s’arrêterait là, ou ignorerait la ligne.</numerusform>
            <numerusform>%n erreurs trouvées. Siril s’arrêterait là, ou ignorerait les lignes.</numerusform>
        </translation>
    </message>
    <message>
        <source>No errors were found.</source>
        <translation>Aucune erreur trouvée.</translation>
    </message>
    <message>
        <source>Aborted.</source>
        <translation>Interrompu.</translation>
    </message>
    <message>
        <source>Choose a folder for the scripts</source>
        <translation>Choisir un dossier pour les scripts</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) in use.</source>
        <translation>
            <numerusform>%n nuit utilisée.</numerusform>
            <numerusform>%n nuits utilisées.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is no night in use: add a folder of raw frames to the project first.</source>
        <translation>Aucune nuit n’est utilisée : ajoutez d’abord au projet un dossier d’images brutes.</translation>
    </message>
    <message>
        <source>Siril scripts</source>
        <translation>Scripts Siril</translation>
    </message>
    <message>
        <source>The scripts calibrate, register and stack the nights in use with Siril alone. They follow the settings of the project, as far as Siril has an equivalent, and these options.</source>
        <translation>Les scripts calibrent, alignent et empilent les nuits utilisées avec Siril seul. Ils suivent les réglages du projet, dans la mesure où Siril a un équivalent, et ces options.</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Dossier :</translation>
    </message>
    <message>
        <source>&amp;Choose …</source>
        <translation>&amp;Choisir …</translation>
    </message>
    <message>
        <source>&amp;Open folder</source>
        <translation>&amp;Ouvrir le dossier</translation>
    </message>
    <message>
        <source>&amp;Write</source>
        <translation>É&amp;crire</translation>
    </message>
    <message>
        <source>Chec&amp;k</source>
        <translation>&amp;Vérifier</translation>
    </message>
    <message>
        <source>&amp;Run with Siril</source>
        <translation>Exécuter avec &amp;Siril</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Fichier</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Niveau</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Message</translation>
    </message>
    <message>
        <source>Scripts, images and problems</source>
        <translation>Scripts, images et problèmes</translation>
    </message>
    <message>
        <source>Progress of Siril</source>
        <translation>Progression de Siril</translation>
    </message>
</context>
<context>
    <name>SettingField</name>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>Default: {0}</source>
        <translation>Défaut : {0}</translation>
    </message>
    <message>
        <source>Effect: {0}</source>
        <translation>Effet : {0}</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>Défaut</translation>
    </message>
    <message>
        <source>Default of {0}</source>
        <translation>Valeur par défaut de {0}</translation>
    </message>
    <message>
        <source>Reset to {0}</source>
        <translation>Réinitialiser à {0}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>activé</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>non défini</translation>
    </message>
    <message>
        <source>Choose a file for {0}</source>
        <translation>Choisir un fichier pour {0}</translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message numerus="yes">
        <source>%n invalid setting(s): {0}. The last valid value is used.</source>
        <translation>
            <numerusform>%n réglage non valide : {0}. La dernière valeur valide est utilisée.</numerusform>
            <numerusform>%n réglages non valides : {0}. Les dernières valeurs valides sont utilisées.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed by the preset:</source>
        <translation>
            <numerusform>%n réglage modifié par le préréglage :</numerusform>
            <numerusform>%n réglages modifiés par le préréglage :</numerusform>
        </translation>
    </message>
    <message>
        <source>Search all settings and their help</source>
        <translation>Rechercher dans tous les réglages et leur aide</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Rechercher un réglage</translation>
    </message>
    <message>
        <source>&amp;Different from the default</source>
        <translation>&amp;Différents du défaut</translation>
    </message>
    <message>
        <source>&amp;All settings</source>
        <translation>&amp;Tous les réglages</translation>
    </message>
    <message>
        <source>&amp;Undo the preset</source>
        <translation>Ann&amp;uler le préréglage</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Réglage</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Avant</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Maintenant</translation>
    </message>
    <message>
        <source>Settings that the preset has changed</source>
        <translation>Réglages que le préréglage a modifiés</translation>
    </message>
    <message>
        <source>Pre&amp;set:</source>
        <translation>Préré&amp;glage :</translation>
    </message>
    <message>
        <source>App&amp;ly</source>
        <translation>Appli&amp;quer</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Sections</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>Choose a night, or a folder of nights</source>
        <translation>Choisir une nuit, ou un dossier de nuits</translation>
    </message>
    <message>
        <source>Choose the folder of darks</source>
        <translation>Choisir le dossier des darks</translation>
    </message>
    <message>
        <source>Choose the folder of flats</source>
        <translation>Choisir le dossier des flats</translation>
    </message>
    <message>
        <source>Add a night first</source>
        <translation>Ajoutez d’abord une nuit</translation>
    </message>
    <message>
        <source>No night is in use</source>
        <translation>Aucune nuit n’est utilisée</translation>
    </message>
    <message numerus="yes">
        <source>%n invalid setting(s)</source>
        <translation>
            <numerusform>%n réglage non valide</numerusform>
            <numerusform>%n réglages non valides</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Une exécution est en cours</translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to solve</source>
        <translation>
            <numerusform>%n problème à résoudre</numerusform>
            <numerusform>%n problèmes à résoudre</numerusform>
        </translation>
    </message>
    <message>
        <source>What shall be stacked?</source>
        <translation>Que faut-il empiler ?</translation>
    </message>
    <message>
        <source>From raw frames to a picture: open a folder, choose what it is for, press Stack.</source>
        <translation>Des images brutes à l’image : ouvrez un dossier, choisissez le but, appuyez sur Empiler.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) of {0} in use</source>
        <translation>
            <numerusform>%n nuit sur {0} utilisée</numerusform>
            <numerusform>%n nuits sur {0} utilisées</numerusform>
        </translation>
    </message>
    <message>
        <source>Project &amp;details …</source>
        <translation>&amp;Détails du projet …</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Projets récents</translation>
    </message>
    <message>
        <source>Reading the headers</source>
        <translation>Lecture des en-têtes</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Open your night</source>
        <translation>Ouvrez votre nuit</translation>
    </message>
    <message>
        <source>Drop a folder of raw frames into the window. Lights, darks, flats and biases are recognised. What is missing has a button that resolves it.</source>
        <translation>Déposez un dossier d’images brutes dans la fenêtre. Lights, darks, flats et biais sont reconnus. Ce qui manque a un bouton qui le résout.</translation>
    </message>
    <message>
        <source>Press Stack</source>
        <translation>Appuyez sur Empiler</translation>
    </message>
    <message>
        <source>Choose what the picture is for, and press Stack. Everything else has a sensible value; the page Settings has all of them.</source>
        <translation>Choisissez à quoi sert l’image, et appuyez sur Empiler. Tout le reste a une valeur raisonnable ; la page Réglages les montre toutes.</translation>
    </message>
    <message>
        <source>Watch it grow</source>
        <translation>Regardez-la se former</translation>
    </message>
    <message>
        <source>The page Run shows the picture as it grows, the quality of each frame and the time left. You can abort and resume at any time.</source>
        <translation>La page Exécution montre l’image qui se forme, la qualité de chaque pose et le temps restant. Vous pouvez interrompre et reprendre à tout moment.</translation>
    </message>
    <message>
        <source>Make it shine</source>
        <translation>Mettez-la en valeur</translation>
    </message>
    <message>
        <source>The page Results develops the picture, compares it with a single frame, and exports it. Nothing is changed in the linear stack.</source>
        <translation>La page Résultats développe l’image, la compare à une seule pose et l’exporte. Rien n’est changé dans l’empilement linéaire.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Passer</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Terminé</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
    <message>
        <source>Tour: {0}</source>
        <translation>Visite : {0}</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Open a project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Projects (*.yaml *.yml *.json)</source>
        <translation>Projets (*.yaml *.yml *.json)</translation>
    </message>
    <message>
        <source>Save the project</source>
        <translation>Enregistrer le projet</translation>
    </message>
    <message>
        <source>Projects (*.yaml)</source>
        <translation>Projets (*.yaml)</translation>
    </message>
    <message>
        <source>Saved.</source>
        <translation>Enregistré.</translation>
    </message>
    <message>
        <source>Not possible</source>
        <translation>Impossible</translation>
    </message>
    <message>
        <source>Unsaved changes</source>
        <translation>Modifications non enregistrées</translation>
    </message>
    <message>
        <source>Save the changes to {0}?</source>
        <translation>Enregistrer les modifications de {0} ?</translation>
    </message>
    <message>
        <source>the project</source>
        <translation>ce projet</translation>
    </message>
    <message numerus="yes">
        <source>Saved. %n invalid setting(s) keep the last valid value.</source>
        <translation>
            <numerusform>Enregistré. %n réglage non valide garde sa dernière valeur valide.</numerusform>
            <numerusform>Enregistré. %n réglages non valides gardent leur dernière valeur valide.</numerusform>
        </translation>
    </message>
    <message>
        <source>A run is in progress</source>
        <translation>Une exécution est en cours</translation>
    </message>
    <message>
        <source>Abort the run? Completed phases are kept, and it can be resumed.</source>
        <translation>Interrompre l’exécution ? Les phases terminées sont conservées, et elle peut être reprise.</translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) added.</source>
        <translation>
            <numerusform>%n nuit ajoutée.</numerusform>
            <numerusform>%n nuits ajoutées.</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>The run has ended: {0}</source>
        <translation>L’exécution est terminée : {0}</translation>
    </message>
    <message>
        <source>About orchestrate</source>
        <translation>À propos d’orchestrate</translation>
    </message>
    <message>
        <source>orchestrate {0}

Stacks raw astronomical frames with local quality weights.</source>
        <translation>orchestrate {0}

Empile des images astronomiques brutes avec des poids de qualité locale.</translation>
    </message>
    <message>
        <source> – running</source>
        <translation> – en cours</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Fichier</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>E&amp;xécution</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Affichage</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>Ai&amp;de</translation>
    </message>
    <message>
        <source>Open &amp;recent</source>
        <translation>Projets &amp;récents</translation>
    </message>
    <message>
        <source>&amp;Appearance</source>
        <translation>&amp;Apparence</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Langue</translation>
    </message>
    <message>
        <source>&amp;New</source>
        <translation>&amp;Nouveau</translation>
    </message>
    <message>
        <source>&amp;Open …</source>
        <translation>&amp;Ouvrir …</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>Enre&amp;gistrer</translation>
    </message>
    <message>
        <source>Save &amp;as …</source>
        <translation>Enregistrer &amp;sous …</translation>
    </message>
    <message>
        <source>Add &amp;folder …</source>
        <translation>Ajouter un &amp;dossier …</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>&amp;Quitter</translation>
    </message>
    <message>
        <source>Project &amp;details …</source>
        <translation>&amp;Détails du projet …</translation>
    </message>
    <message>
        <source>&amp;Stack</source>
        <translation>&amp;Empiler</translation>
    </message>
    <message>
        <source>Siril s&amp;cripts …</source>
        <translation>S&amp;cripts Siril …</translation>
    </message>
    <message>
        <source>&amp;Tour</source>
        <translation>&amp;Visite guidée</translation>
    </message>
    <message>
        <source>&amp;Start</source>
        <translation>A&amp;ccueil</translation>
    </message>
    <message>
        <source>&amp;Abort</source>
        <translation>&amp;Interrompre</translation>
    </message>
    <message>
        <source>&amp;Find a setting</source>
        <translation>C&amp;hercher un réglage</translation>
    </message>
    <message>
        <source>&amp;About</source>
        <translation>À &amp;propos</translation>
    </message>
    <message>
        <source>&amp;Light</source>
        <translation>&amp;Clair</translation>
    </message>
    <message>
        <source>As &amp;system</source>
        <translation>Comme le &amp;système</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>&amp;Sombre</translation>
    </message>
    <message>
        <source>Fra&amp;mes</source>
        <translation>I&amp;mages</translation>
    </message>
    <message>
        <source>S&amp;ettings</source>
        <translation>Ré&amp;glages</translation>
    </message>
    <message>
        <source>R&amp;un</source>
        <translation>Exéc&amp;ution</translation>
    </message>
    <message>
        <source>Resul&amp;ts</source>
        <translation>&amp;Résultats</translation>
    </message>
</context>
<context>
    <name>WorkerClient</name>
    <message>
        <source>The program {0} could not be started.</source>
        <translation>Le programme {0} n’a pas pu être lancé.</translation>
    </message>
    <message>
        <source>Reinstall it.</source>
        <translation>Réinstallez-le.</translation>
    </message>
    <message>
        <source>The process ended unexpectedly. Its last output: {0}</source>
        <translation>Le processus s’est arrêté de façon inattendue. Sa dernière sortie : {0}</translation>
    </message>
    <message>
        <source>Completed phases are kept; resume the run.</source>
        <translation>Les phases terminées sont conservées ; reprenez l’exécution.</translation>
    </message>
</context>
<context>
    <name>formats</name>
    <message>
        <source>{0} s</source>
        <translation>{0} s</translation>
    </message>
    <message>
        <source>{0} min</source>
        <translation>{0} min</translation>
    </message>
    <message>
        <source>{0} h {1} min</source>
        <translation>{0} h {1} min</translation>
    </message>
</context>
<context>
    <name>messages</name>
    <message>
        <source>The lights have several filters: {counts}. Each is stacked, and the stacks are combined as {palette}.</source>
        <translation>Les lights ont plusieurs filtres : {counts}. Chacun est empilé, et les empilements sont combinés en {palette}.</translation>
    </message>
    <message>
        <source>It has no darks, and no other night has suitable ones: dark current and amplifier glow remain.</source>
        <translation>Elle n’a pas de darks, et aucune autre nuit n’en a qui conviennent : le courant d’obscurité et l’électroluminescence restent.</translation>
    </message>
    <message>
        <source>Add darks to {path}, or to a night with the same camera settings.</source>
        <translation>Ajoutez des darks à {path}, ou à une nuit aux mêmes réglages de caméra.</translation>
    </message>
    <message>
        <source>It has no flats, and no other night has suitable ones: vignetting and dust remain.</source>
        <translation>Elle n’a pas de flats, et aucune autre nuit n’en a qui conviennent : le vignettage et les poussières restent.</translation>
    </message>
    <message>
        <source>Add flats to {path}, or to a night with the same camera settings.</source>
        <translation>Ajoutez des flats à {path}, ou à une nuit aux mêmes réglages de caméra.</translation>
    </message>
    <message>
        <source>The project has no nights.</source>
        <translation>Le projet n’a pas de nuits.</translation>
    </message>
    <message>
        <source>Add one: orchestrate project add {folder} FOLDER</source>
        <translation>Ajoutez-en une : orchestrate project add {folder} DOSSIER</translation>
    </message>
    <message>
        <source>{path} looks like a night, but is not in the project.</source>
        <translation>{path} ressemble à une nuit, mais n’est pas dans le projet.</translation>
    </message>
    <message>
        <source>Add it: orchestrate project add {folder} &apos;{path}&apos;</source>
        <translation>Ajoutez-la : orchestrate project add {folder} &apos;{path}&apos;</translation>
    </message>
    <message>
        <source>The project folder is not writable.</source>
        <translation>Le dossier du projet n’est pas accessible en écriture.</translation>
    </message>
    <message>
        <source>Choose another location for runs and results with --runs-dir.</source>
        <translation>Choisissez un autre emplacement pour les exécutions et les résultats avec --runs-dir.</translation>
    </message>
    <message>
        <source>{count} of {all_chunks} chunks of the sky, {value} stars</source>
        <translation>{count} parties du ciel sur {all_chunks}, {value} étoiles</translation>
    </message>
    <message>
        <source>{count} stars to magnitude {mag}</source>
        <translation>{count} étoiles jusqu’à la magnitude {mag}</translation>
    </message>
    <message>
        <source>{database} (.{format}), up to {density} stars per square degree</source>
        <translation>{database} (.{format}), jusqu’à {density} étoiles par degré carré</translation>
    </message>
    <message>
        <source>ASTAP and faster-astap, fields up to {widest_field} deg</source>
        <translation>ASTAP et faster-astap, champs jusqu’à {widest_field} degrés</translation>
    </message>
    <message>
        <source>{count} colour and {count2} mono sensors, {count3} whites</source>
        <translation>{count} capteurs couleur et {count2} mono, {count3} références de blanc</translation>
    </message>
    <message>
        <source>{count} index files, {size} MiB</source>
        <translation>{count} fichiers d’index, {size} Mio</translation>
    </message>
    <message>
        <source>Name a column, e.g. --column B-V=colour.</source>
        <translation>Nommez une colonne, p. ex. --column B-V=colour.</translation>
    </message>
    <message>
        <source>For trials, --synthetic uses black bodies of the colours.</source>
        <translation>Pour des essais, --synthetic utilise des corps noirs des couleurs.</translation>
    </message>
    <message>
        <source>Raise --limit.</source>
        <translation>Augmentez --limit.</translation>
    </message>
    <message>
        <source>Choose another --folder, or free some space.</source>
        <translation>Choisissez un autre --folder, ou libérez de la place.</translation>
    </message>
    <message>
        <source>{table} has no colours for black bodies.</source>
        <translation>{table} n’a pas de couleurs pour des corps noirs.</translation>
    </message>
    <message>
        <source>{table} has no sampled spectra: a column flux with {samples} values per star (336 to 1020 nm, W m-2 nm-1), as in the Gaia archive.</source>
        <translation>{table} n’a pas de spectres échantillonnés : une colonne flux de {samples} valeurs par étoile (336 à 1020 nm, W m-2 nm-1), comme dans l’archive Gaia.</translation>
    </message>
    <message>
        <source>Gaia format, {stars} stars</source>
        <translation>format Gaia, {stars} étoiles</translation>
    </message>
    <message>
        <source>{table} has no star to magnitude {limit}.</source>
        <translation>{table} n’a pas d’étoile jusqu’à la magnitude {limit}.</translation>
    </message>
    <message>
        <source>{filename} could not be written: {strerror}.</source>
        <translation>{filename} n’a pas pu être écrit : {strerror}.</translation>
    </message>
    <message>
        <source>Siril, {kind} of {number} stars</source>
        <translation>Siril, {kind} de {number} étoiles</translation>
    </message>
    <message>
        <source>astrometry.net, quads of {preset} arcmin</source>
        <translation>astrometry.net, quadrilatères de {preset} minutes d’arc</translation>
    </message>
    <message>
        <source>Name a FITS image.</source>
        <translation>Indiquez une image FITS.</translation>
    </message>
    <message>
        <source>Give --output FILE.</source>
        <translation>Indiquez --output FICHIER.</translation>
    </message>
    <message>
        <source>{image} is not a file.</source>
        <translation>{image} n’est pas un fichier.</translation>
    </message>
    <message>
        <source>{image} is compressed: its header cannot be changed in place.</source>
        <translation>{image} est compressé : son en-tête ne peut pas être modifié sur place.</translation>
    </message>
    <message>
        <source>Choose another file.</source>
        <translation>Choisissez un autre fichier.</translation>
    </message>
    <message>
        <source>{output} could not be written: {strerror}.</source>
        <translation>{output} n’a pas pu être écrit : {strerror}.</translation>
    </message>
    <message>
        <source>focal length and pixel size</source>
        <translation>focale et taille des pixels</translation>
    </message>
    <message>
        <source>WCS in the header</source>
        <translation>WCS de l’en-tête</translation>
    </message>
    <message>
        <source>the position is known ({position_from}) but not the scale, which {names} would search for minutes. Set astrometry.scale (--scale, arcsec per pixel), or focal_length and pixel_size.</source>
        <translation>la position est connue ({position_from}), mais pas l’échelle, que {names} chercherait pendant des minutes. Indiquez astrometry.scale (--scale, secondes d’arc par pixel), ou focal_length et pixel_size.</translation>
    </message>
    <message>
        <source>only {count} stars were detected, {min_stars} are needed</source>
        <translation>seulement {count} étoiles ont été détectées, il en faut {min_stars}</translation>
    </message>
    <message>
        <source> If that scale is right, use --scale {other_scale} (astrometry.scale).</source>
        <translation> Si cette échelle est juste, utilisez --scale {other_scale} (astrometry.scale).</translation>
    </message>
    <message>
        <source>the position is not known (scale from: {scale_from}). Set astrometry.ra and dec, or astrometry.blind.</source>
        <translation>la position n’est pas connue (échelle d’après : {scale_from}). Indiquez astrometry.ra et dec, ou astrometry.blind.</translation>
    </message>
    <message>
        <source>within {radius} deg</source>
        <translation>à moins de {radius} degrés</translation>
    </message>
    <message>
        <source>{wcs} arcsec/px, {scale} was expected ({scale_from})</source>
        <translation>{wcs} secondes d’arc/px, {scale} attendu ({scale_from})</translation>
    </message>
    <message>
        <source>a solution was refused: {why}</source>
        <translation>une solution a été refusée : {why}</translation>
    </message>
    <message>
        <source>its scale is {found}, and only {matched} stars confirm it</source>
        <translation>son échelle est {found}, et seules {matched} étoiles la confirment</translation>
    </message>
    <message>
        <source>The scale is {found}: {matched} of {catalog_stars} catalog stars match the image, so the expected scale is wrong. Correct the focal length or pixel size, or set astrometry.scale: {wcs}.</source>
        <translation>L’échelle est {found} : {matched} des {catalog_stars} étoiles du catalogue correspondent à l’image, l’échelle attendue est donc fausse. Corrigez la focale ou la taille des pixels, ou indiquez astrometry.scale: {wcs}.</translation>
    </message>
    <message>
        <source>The solution by {solver} could not be verified: {why}.</source>
        <translation>La solution de {solver} n’a pas pu être vérifiée : {why}.</translation>
    </message>
    <message>
        <source>Plate solving was cancelled.</source>
        <translation>L’astrométrie a été annulée.</translation>
    </message>
    <message>
        <source>{other} puts the field {apart} px away</source>
        <translation>{other} place le champ à {apart} px de là</translation>
    </message>
    <message>
        <source>matches of {solver}</source>
        <translation>correspondances de {solver}</translation>
    </message>
    <message>
        <source>stars of {source}</source>
        <translation>étoiles de {source}</translation>
    </message>
    <message>
        <source>not started after {budget} s (budget)</source>
        <translation>pas commencé après {budget} s (limite de temps)</translation>
    </message>
    <message>
        <source>neither position nor scale is known. Set astrometry.ra, dec and scale.</source>
        <translation>ni la position ni l’échelle ne sont connues. Indiquez astrometry.ra, dec et scale.</translation>
    </message>
    <message>
        <source>Set the folder that holds these files, or remove the setting.</source>
        <translation>Indiquez le dossier qui contient ces fichiers, ou retirez le réglage.</translation>
    </message>
    <message>
        <source>No Gaia catalog for Siril was found.</source>
        <translation>Aucun catalogue Gaia pour Siril n’a été trouvé.</translation>
    </message>
    <message>
        <source>Install it in Siril, or write one with `orchestrate catalog write`.</source>
        <translation>Installez-le dans Siril, ou écrivez-en un avec `orchestrate catalog write`.</translation>
    </message>
    <message>
        <source>No index files of astrometry.net were found.</source>
        <translation>Aucun fichier d’index d’astrometry.net n’a été trouvé.</translation>
    </message>
    <message>
        <source>Install some (Debian: astrometry-data-tycho2), or set their folder with astrometry.index_dir.</source>
        <translation>Installez-en (Debian : astrometry-data-tycho2), ou indiquez leur dossier avec astrometry.index_dir.</translation>
    </message>
    <message>
        <source>{folder} (astrometry.astap_data) has no star database of ASTAP: no files *.1476 or *.290.</source>
        <translation>{folder} (astrometry.astap_data) ne contient pas de base d’étoiles d’ASTAP : aucun fichier *.1476 ou *.290.</translation>
    </message>
    <message>
        <source>{folder} (astrometry.index_dir) has no index files of astrometry.net (index*.fits).</source>
        <translation>{folder} (astrometry.index_dir) ne contient pas de fichiers d’index d’astrometry.net (index*.fits).</translation>
    </message>
    <message>
        <source>{count} catalog stars in the field and {count2} in the image are too few to compare</source>
        <translation>{count} étoiles du catalogue dans le champ et {count2} dans l’image sont trop peu pour comparer</translation>
    </message>
    <message>
        <source>only {count} of {count2} catalog stars match stars of the image ({chance} expected by chance)</source>
        <translation>seules {count} des {count2} étoiles du catalogue correspondent à des étoiles de l’image ({chance} attendues par hasard)</translation>
    </message>
    <message>
        <source>its pixels are not square (ratio {large})</source>
        <translation>ses pixels ne sont pas carrés (rapport {large})</translation>
    </message>
    <message>
        <source>stars are {rms} px (rms) away from their catalog positions, {max_rms} px is allowed</source>
        <translation>les étoiles sont à {rms} px (RMS) de leurs positions du catalogue, {max_rms} px sont permis</translation>
    </message>
    <message>
        <source>its numbers are not finite</source>
        <translation>ses nombres ne sont pas finis</translation>
    </message>
    <message>
        <source>its matrix is singular</source>
        <translation>sa matrice est singulière</translation>
    </message>
    <message>
        <source>Check the disk and the file&apos;s permissions.</source>
        <translation>Vérifiez le disque et les droits du fichier.</translation>
    </message>
    <message>
        <source>The WCS could not be written to {path}: {strerror}.</source>
        <translation>Le WCS n’a pas pu être écrit dans {path} : {strerror}.</translation>
    </message>
    <message>
        <source>the lights were calibrated by another program</source>
        <translation>les lights ont été calibrés par un autre programme</translation>
    </message>
    <message>
        <source>the {kind} of {one} and {other} place the same stars {systematic} px apart in a part of the field</source>
        <translation>les {kind} {one} et {other} placent les mêmes étoiles à {systematic} px d’écart dans une partie du champ</translation>
    </message>
    <message>
        <source>the displacements of {count} panels around a loop (from {first} on) add up to {closure} px</source>
        <translation>les décalages de {count} panneaux le long d’une boucle (à partir de {first}) totalisent {closure} px</translation>
    </message>
    <message>
        <source>the frames were registered by another program</source>
        <translation>les images ont été alignées par un autre programme</translation>
    </message>
    <message>
        <source>one frame only</source>
        <translation>une seule image</translation>
    </message>
    <message>
        <source>frames</source>
        <translation>images</translation>
    </message>
    <message>
        <source>panels</source>
        <translation>panneaux</translation>
    </message>
    <message>
        <source>If one of the two is moved, they agree to {predicted} px: it is registered to wrong stars. Leave it out with --exclude.</source>
        <translation>Si l’une des deux est déplacée, elles concordent à {predicted} px : elle est alignée sur de mauvaises étoiles. Écartez-la avec --exclude.</translation>
    </message>
    <message>
        <source>The transform does not follow the lens: try --set registration.transform=homography.</source>
        <translation>La transformation ne suit pas l’optique : essayez --set registration.transform=homography.</translation>
    </message>
    <message>
        <source>One of these panels is registered to wrong stars: look at the picture where they meet, and leave out the frames that are doubled there with --exclude.</source>
        <translation>Un de ces panneaux est aligné sur de mauvaises étoiles : regardez l’image là où ils se touchent, et écartez avec --exclude les images qui y sont dédoublées.</translation>
    </message>
    <message>
        <source>no two frames share {least_stars} bright stars</source>
        <translation>aucune paire d’images ne partage {least_stars} étoiles brillantes</translation>
    </message>
    <message>
        <source>The transform {model} cannot follow the field: use --set registration.transform=auto.</source>
        <translation>La transformation {model} ne peut pas suivre le champ : utilisez --set registration.transform=auto.</translation>
    </message>
    <message>
        <source>one half of the frames covers too little of the picture</source>
        <translation>une moitié des images couvre trop peu de l’image</translation>
    </message>
    <message>
        <source>stars cover the picture</source>
        <translation>des étoiles couvrent l’image</translation>
    </message>
    <message>
        <source>Frames differ by more than their noise: look for clouds, moving light or shifted frames.</source>
        <translation>Des images diffèrent de plus que leur bruit : cherchez des nuages, une lumière mobile ou des images décalées.</translation>
    </message>
    <message>
        <source>Look for frames that are registered badly or out of focus.</source>
        <translation>Cherchez des images mal alignées ou floues.</translation>
    </message>
    <message>
        <source>Look for clouds or for frames of another exposure.</source>
        <translation>Cherchez des nuages ou des images d’une autre pose.</translation>
    </message>
    <message>
        <source>the half-stacks differ by {ratio} times the expected noise</source>
        <translation>les demi-empilements diffèrent de {ratio} fois le bruit attendu</translation>
    </message>
    <message>
        <source>the cores of stars are {cores} % brighter in one half-stack than in the other</source>
        <translation>les cœurs des étoiles sont {cores} % plus brillants dans un demi-empilement que dans l’autre</translation>
    </message>
    <message>
        <source>star fluxes differ by {fluxes} % between the half-stacks</source>
        <translation>les flux des étoiles diffèrent de {fluxes} % entre les demi-empilements</translation>
    </message>
    <message>
        <source>Leaving out the {frames_left_out} worst frames would keep {kept} of the information on stars, with all frames it is {whole}: --keep {keep}, or --set weights.mode=best.</source>
        <translation>Sans les {frames_left_out} plus mauvaises images, {kept} de l’information sur les étoiles serait conservé, avec toutes les images c’est {whole} : --keep {keep}, ou --set weights.mode=best.</translation>
    </message>
    <message>
        <source>fewer than {least_frames} frames</source>
        <translation>moins de {least_frames} images</translation>
    </message>
    <message>
        <source>Compare with --set stacking.rejection=none; see rejected.fits for the places.</source>
        <translation>Comparez avec --set stacking.rejection=none ; rejected.fits montre les endroits.</translation>
    </message>
    <message>
        <source>Trails do not cross one place in many frames: compare with --set stacking.trails=false.</source>
        <translation>Des traînées ne passent pas au même endroit dans beaucoup d’images : comparez avec --set stacking.trails=false.</translation>
    </message>
    <message>
        <source>The frames differ in sharpness or registration: leave the worst out with --keep, or raise stacking.sigma_high.</source>
        <translation>Les images diffèrent en netteté ou en alignement : écartez les plus mauvaises avec --keep, ou augmentez stacking.sigma_high.</translation>
    </message>
    <message>
        <source>{total} % of all samples are rejected</source>
        <translation>{total} % de tous les échantillons sont rejetés</translation>
    </message>
    <message>
        <source>more than {crowded} % of the samples are rejected in {where} % of the field</source>
        <translation>plus de {crowded} % des échantillons sont rejetés dans {where} % du champ</translation>
    </message>
    <message>
        <source>{cores} % of the samples in the cores of bright stars are rejected, {total} % elsewhere</source>
        <translation>{cores} % des échantillons dans les cœurs des étoiles brillantes sont rejetés, {total} % ailleurs</translation>
    </message>
    <message>
        <source>{by_frame} % of {files} is rejected</source>
        <translation>{by_frame} % de {files} est rejeté</translation>
    </message>
    <message>
        <source>Leave the frame out: --exclude {files}.</source>
        <translation>Écartez l’image : --exclude {files}.</translation>
    </message>
    <message>
        <source>{one}, or {other}</source>
        <translation>{one}, ou {other}</translation>
    </message>
    <message>
        <source>fewer than {least_stars} bright unsaturated isolated stars in single frames</source>
        <translation>moins de {least_stars} étoiles brillantes, non saturées et isolées dans les images</translation>
    </message>
    <message>
        <source>Leave the frame out with --exclude, or look at clouds and at its flat.</source>
        <translation>Écartez l’image avec --exclude, ou vérifiez les nuages et son flat.</translation>
    </message>
    <message>
        <source>the stars of {files} are {level} times as bright as in the stack (channel {channels})</source>
        <translation>les étoiles de {files} sont {level} fois aussi brillantes que dans l’empilement (canal {channels})</translation>
    </message>
    <message>
        <source>Check whether the frames have one filter and one focus; stack the parts separately.</source>
        <translation>Vérifiez que les images ont le même filtre et la même mise au point ; empilez les parties séparément.</translation>
    </message>
    <message>
        <source>More frames or wider overlaps there would reduce the error; check their focus.</source>
        <translation>Plus d’images ou des recouvrements plus larges à cet endroit réduiraient l’erreur ; vérifiez leur mise au point.</translation>
    </message>
    <message>
        <source>{name}/{channels} of the stars of {files} differs by {colour} % from that in the stack</source>
        <translation>{name}/{channels} des étoiles de {files} diffère de {colour} % de l’empilement</translation>
    </message>
    <message>
        <source>stars left out of the scaling are {residual} % brighter in channel {channel} of the frames from {first} on than in the others</source>
        <translation>les étoiles non utilisées pour la mise à l’échelle sont {residual} % plus brillantes dans le canal {channel} des images à partir de {first} que dans les autres</translation>
    </message>
    <message>
        <source>Check the flats; a wider canvas.feather softens the borders of frames.</source>
        <translation>Vérifiez les flats ; un canvas.feather plus large adoucit les bords des images.</translation>
    </message>
    <message>
        <source>the sky has a step of {found} times the noise along a border of {names} (channel {channel})</source>
        <translation>le ciel a une marche de {found} fois le bruit le long d’un bord de {names} (canal {channel})</translation>
    </message>
    <message>
        <source>{worst} of channel {channel} have {ratio} of their light</source>
        <translation>{worst} du canal {channel} ont {ratio} de leur lumière</translation>
    </message>
    <message>
        <source>Bad pixels were replaced on stars, or the masters do not match: compare with --set calibration.cosmetic=false.</source>
        <translation>Des mauvais pixels ont été remplacés sur des étoiles, ou les masters ne conviennent pas : comparez avec --set calibration.cosmetic=false.</translation>
    </message>
    <message>
        <source>Bad pixels were replaced on stars: use --set calibration.cosmetic=false, or take darks.</source>
        <translation>Des mauvais pixels ont été remplacés sur des étoiles : utilisez --set calibration.cosmetic=false, ou prenez des darks.</translation>
    </message>
    <message>
        <source>fewer than {least_stars} bright unsaturated isolated stars</source>
        <translation>moins de {least_stars} étoiles brillantes, non saturées et isolées</translation>
    </message>
    <message>
        <source>See rejected.fits for where pixels were rejected; compare with --set stacking.rejection=none.</source>
        <translation>rejected.fits montre où des pixels ont été rejetés ; comparez avec --set stacking.rejection=none.</translation>
    </message>
    <message>
        <source>in the calibrated frames {what} in the raw frames ({stars} stars)</source>
        <translation>dans les images calibrées {what} dans les images brutes ({stars} étoiles)</translation>
    </message>
    <message>
        <source>calibration removed more than {star_limit} % of the light in the cores of {share} % of the stars</source>
        <translation>la calibration a enlevé plus de {star_limit} % de la lumière dans les cœurs de {share} % des étoiles</translation>
    </message>
    <message>
        <source>in the stack {what} in the calibrated frames ({stars} stars)</source>
        <translation>dans l’empilement {what} dans les images calibrées ({stars} étoiles)</translation>
    </message>
    <message>
        <source>only {count} stars were found, {min_stars} are needed</source>
        <translation>seulement {count} étoiles ont été trouvées, il en faut {min_stars}</translation>
    </message>
    <message>
        <source>none of the {count} catalog stars is free of clipping and neighbours</source>
        <translation>aucune des {count} étoiles du catalogue n’est sans saturation ni voisines</translation>
    </message>
    <message>
        <source>the median of the {shape} stars would be {off} mag off the colours of real stars</source>
        <translation>la médiane des {shape} étoiles serait à {off} mag des couleurs d’étoiles réelles</translation>
    </message>
    <message>
        <source>there is no star catalog (pcc.catalog, {catalog_variable}; or install astroquery)</source>
        <translation>il n’y a pas de catalogue d’étoiles (pcc.catalog, {catalog_variable} ; ou installez astroquery)</translation>
    </message>
    <message>
        <source>{source} has no stars in this field</source>
        <translation>{source} n’a pas d’étoiles dans ce champ</translation>
    </message>
    <message>
        <source>the factor of {name} is uncertain by {error_per_mag} %</source>
        <translation>le facteur de {name} est incertain à {error_per_mag} %</translation>
    </message>
    <message>
        <source>no star is at a position that {source} and the WCS predict</source>
        <translation>aucune étoile n’est à une position prévue par {source} et le WCS</translation>
    </message>
    <message>
        <source>only {used} of {used2} stars agree in {name}, {min_stars} are needed</source>
        <translation>seules {used} des {used2} étoiles concordent en {name}, il en faut {min_stars}</translation>
    </message>
    <message>
        <source>the stars scatter by {scatter} mag in {name}, {allowed} are allowed</source>
        <translation>les étoiles se dispersent de {scatter} mag en {name}, {allowed} sont permis</translation>
    </message>
    <message>
        <source>the star colours do not follow the catalog in {name} (slope {slope}): wrong field?</source>
        <translation>les couleurs des étoiles ne suivent pas le catalogue en {name} (pente {slope}) : mauvais champ ?</translation>
    </message>
    <message>
        <source>the gain of {name} would be {gain}</source>
        <translation>le facteur de {name} serait {gain}</translation>
    </message>
    <message>
        <source>{first} (catalog); {reason} (mean colour of the stars)</source>
        <translation>{first} (catalogue) ; {reason} (couleur moyenne des étoiles)</translation>
    </message>
    <message>
        <source>Give another catalog.</source>
        <translation>Indiquez un autre catalogue.</translation>
    </message>
    <message>
        <source>{file} has no two magnitudes of one colour system.</source>
        <translation>{file} n’a pas deux magnitudes d’un même système de couleurs.</translation>
    </message>
    <message>
        <source>One of {systems} is needed. Its columns: {names}. Set pcc.columns.</source>
        <translation>Un de {systems} est nécessaire. Ses colonnes : {names}. Indiquez pcc.columns.</translation>
    </message>
    <message>
        <source>astroquery is not installed.</source>
        <translation>astroquery n’est pas installé.</translation>
    </message>
    <message>
        <source>{path} has no columns for ra and dec.</source>
        <translation>{path} n’a pas de colonnes pour ra et dec.</translation>
    </message>
    <message>
        <source>Its columns: {names}. Set pcc.columns.</source>
        <translation>Ses colonnes : {names}. Indiquez pcc.columns.</translation>
    </message>
    <message>
        <source>No star of {path} has a position, a magnitude and a colour.</source>
        <translation>Aucune étoile de {path} n’a une position, une magnitude et une couleur.</translation>
    </message>
    <message>
        <source>{value}, or give pcc.catalog.</source>
        <translation>{value}, ou indiquez pcc.catalog.</translation>
    </message>
    <message>
        <source>Check the network, or give pcc.catalog.</source>
        <translation>Vérifiez le réseau, ou indiquez pcc.catalog.</translation>
    </message>
    <message>
        <source>The query of Gaia DR3 failed: {error}.</source>
        <translation>La requête de Gaia DR3 a échoué : {error}.</translation>
    </message>
    <message>
        <source>the image has no WCS</source>
        <translation>l’image n’a pas de WCS</translation>
    </message>
    <message>
        <source>no catalog for Siril was found; set pcc.siril_catalog, or see `orchestrate catalog write`</source>
        <translation>aucun catalogue pour Siril n’a été trouvé ; indiquez pcc.siril_catalog, ou voir `orchestrate catalog write`</translation>
    </message>
    <message>
        <source>no star spectra for Siril&apos;s spcc were found; install its SPCC catalog in Siril, or set the folder in pcc.spcc.catalog</source>
        <translation>aucun spectre d’étoiles pour spcc de Siril n’a été trouvé ; installez le catalogue SPCC dans Siril, ou indiquez le dossier dans pcc.spcc.catalog</translation>
    </message>
    <message>
        <source>the camera {camera} of the header is not in Siril&apos;s sensor database</source>
        <translation>la caméra {camera} de l’en-tête n’est pas dans la base de capteurs de Siril</translation>
    </message>
    <message>
        <source>{reason}: set pcc.spcc.sensor to one of {oscsensor}</source>
        <translation>{reason} : mettez pcc.spcc.sensor à l’un de {oscsensor}</translation>
    </message>
    <message>
        <source> and {count} more</source>
        <translation> et {count} autres</translation>
    </message>
    <message>
        <source>Siril used only {stars} stars, {min_stars} are needed</source>
        <translation>Siril n’a utilisé que {stars} étoiles, il en faut {min_stars}</translation>
    </message>
    <message>
        <source>Siril&apos;s catalog {catalog} does not exist (pcc.siril_catalog)</source>
        <translation>le catalogue de Siril {catalog} n’existe pas (pcc.siril_catalog)</translation>
    </message>
    <message>
        <source>{folder} lacks the spectra of this field: {missing}</source>
        <translation>{folder} n’a pas les spectres de ce champ : {missing}</translation>
    </message>
    <message>
        <source>Siril&apos;s database of sensors was not found; enable it in Siril&apos;s preferences, or `git clone {source}` and set the folder in pcc.spcc.database</source>
        <translation>la base de capteurs de Siril n’a pas été trouvée ; activez-la dans les préférences de Siril, ou `git clone {source}` et indiquez le dossier dans pcc.spcc.database</translation>
    </message>
    <message>
        <source>{name} (pcc.spcc.{setting}) is not a {kinds} in {folder}; {similar}: {similar2}</source>
        <translation>{name} (pcc.spcc.{setting}) n’est pas un {kinds} dans {folder} ; {similar} : {similar2}</translation>
    </message>
    <message>
        <source>{sensor} is a mono sensor: set its filters in pcc.spcc.filters</source>
        <translation>{sensor} est un capteur mono : indiquez ses filtres dans pcc.spcc.filters</translation>
    </message>
    <message>
        <source>{sensor} needs a low-pass filter; set pcc.spcc.lowpass to one of {osclpf}</source>
        <translation>{sensor} a besoin d’un filtre passe-bas ; mettez pcc.spcc.lowpass à l’un de {osclpf}</translation>
    </message>
    <message>
        <source>similar names</source>
        <translation>noms semblables</translation>
    </message>
    <message>
        <source>it has</source>
        <translation>il y a</translation>
    </message>
    <message>
        <source>fewer than two stacks are available</source>
        <translation>moins de deux empilements sont disponibles</translation>
    </message>
    <message>
        <source>output.palette is none</source>
        <translation>output.palette est none</translation>
    </message>
    <message>
        <source>{coloured}: stacks of a colour camera are already in colour</source>
        <translation>{coloured} : les empilements d’une caméra couleur sont déjà en couleurs</translation>
    </message>
    <message>
        <source>there is no palette for {stacked} (known: {auto})</source>
        <translation>il n’y a pas de palette pour {stacked} (connues : {auto})</translation>
    </message>
    <message>
        <source>Choose another --run-id, or remove that folder.</source>
        <translation>Choisissez un autre --run-id, ou supprimez ce dossier.</translation>
    </message>
    <message>
        <source>The run {taken} already exists.</source>
        <translation>L’exécution {taken} existe déjà.</translation>
    </message>
    <message>
        <source>registration.{key} applies to one field, but the lights show several.</source>
        <translation>registration.{key} vaut pour un champ, mais les lights en montrent plusieurs.</translation>
    </message>
    <message>
        <source>Select one field: --set &apos;input.field={stacked}&apos;</source>
        <translation>Choisissez un champ : --set &apos;input.field={stacked}&apos;</translation>
    </message>
    <message>
        <source>input.field: {folder} lists the runs of several fields.</source>
        <translation>input.field : {folder} énumère les exécutions de plusieurs champs.</translation>
    </message>
    <message>
        <source>Stack one field with `orchestrate run`, or resume its run {folder}-FIELD.</source>
        <translation>Empilez un champ avec `orchestrate run`, ou reprenez son exécution {folder}-CHAMP.</translation>
    </message>
    <message>
        <source>it has {lights} ({names}), {needed} are needed</source>
        <translation>il a {lights} ({names}), il en faut {needed}</translation>
    </message>
    <message>
        <source>The lights show {count} fields that do not touch: {listing}. Each is stacked into a picture of its own; input.field or input.object selects one.{wrong}</source>
        <translation>Les lights montrent {count} champs qui ne se touchent pas : {listing}. Chacun donne sa propre image ; input.field ou input.object en choisit un.{wrong}</translation>
    </message>
    <message>
        <source> If their positions in the headers are wrong, input.field=all makes one picture.</source>
        <translation> Si leurs positions dans les en-têtes sont fausses, input.field=all en fait une seule image.</translation>
    </message>
    <message>
        <source>{frame} is not stacked: {why}.</source>
        <translation>{frame} n’est pas empilé : {why}.</translation>
    </message>
    <message>
        <source>{count} light</source>
        <translation>{count} light</translation>
    </message>
    <message>
        <source>{count} lights</source>
        <translation>{count} lights</translation>
    </message>
    <message>
        <source>The lights have several filters: {counts}. Each is stacked separately; the stacks are not combined: {why}.</source>
        <translation>Les lights ont plusieurs filtres : {counts}. Chacun est empilé séparément ; les empilements ne sont pas combinés : {why}.</translation>
    </message>
    <message>
        <source>{text} Not part of it: {out}.</source>
        <translation>{text} N’en font pas partie : {out}.</translation>
    </message>
    <message>
        <source>{filter} is not stacked: {problem}</source>
        <translation>{filter} n’est pas empilé : {problem}</translation>
    </message>
    <message>
        <source>Add frames, correct the name of the filter, or ignore it.</source>
        <translation>Ajoutez des images, corrigez le nom du filtre, ou ignorez-le.</translation>
    </message>
    <message>
        <source>{filter} ({lights} lights)</source>
        <translation>{filter} ({lights} lights)</translation>
    </message>
    <message>
        <source>they are colour images</source>
        <translation>ce sont des images en couleurs</translation>
    </message>
    <message>
        <source>it has {lights} ({names}), {needed} are needed.</source>
        <translation>il a {lights} ({names}), il en faut {needed}.</translation>
    </message>
    <message>
        <source>The night {folder}: {problem}</source>
        <translation>La nuit {folder} : {problem}</translation>
    </message>
    <message>
        <source>{filter} do not match the palette {requested}</source>
        <translation>{filter} ne correspondent pas à la palette {requested}</translation>
    </message>
    <message>
        <source>there is no palette for them (known: {auto})</source>
        <translation>il n’y a pas de palette pour eux (connues : {auto})</translation>
    </message>
    <message>
        <source>Add frames and resume the run.</source>
        <translation>Ajoutez des images et reprenez l’exécution.</translation>
    </message>
    <message>
        <source>registration.transforms applies to one stack, but the lights have several filters.</source>
        <translation>registration.transforms vaut pour un empilement, mais les lights ont plusieurs filtres.</translation>
    </message>
    <message>
        <source>{palette} was made instead</source>
        <translation>{palette} a été fait à la place</translation>
    </message>
    <message>
        <source>There is no {lost_palette} image, {instead}: {reasons}</source>
        <translation>Il n’y a pas d’image {lost_palette}, {instead} : {reasons}</translation>
    </message>
    <message>
        <source>Select one filter: --set input.filter={filter}</source>
        <translation>Choisissez un filtre : --set input.filter={filter}</translation>
    </message>
    <message>
        <source>{folder} belongs to the project {project}.</source>
        <translation>{folder} appartient au projet {project}.</translation>
    </message>
    <message>
        <source>Resume it with: orchestrate project resume {project} --run-id {folder}</source>
        <translation>Reprenez-la avec : orchestrate project resume {project} --run-id {folder}</translation>
    </message>
    <message>
        <source>input.filter: {folder} combines several filters.</source>
        <translation>input.filter : {folder} combine plusieurs filtres.</translation>
    </message>
    <message>
        <source>Stack one filter with `orchestrate run`, or resume its run {folder}-CHANNEL.</source>
        <translation>Empilez un filtre avec `orchestrate run`, ou reprenez son exécution {folder}-CANAL.</translation>
    </message>
    <message>
        <source>Use LRGB, three channels such as SHO or HOO, or a linear combination for R, G and B.</source>
        <translation>Utilisez LRGB, trois canaux comme SHO ou HOO, ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Write palette: {R: {...}, G: {...}, B: {...}}.</source>
        <translation>Écrivez palette: {R: {...}, G: {...}, B: {...}}.</translation>
    </message>
    <message>
        <source>Define one: palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.</source>
        <translation>Définissez-en une : palette: {R: {Ha: 1}, G: {Ha: 0.3, OIII: 0.7}, B: {OIII: 1}}.</translation>
    </message>
    <message>
        <source>palette: {palette} does not match the channels {channels}.</source>
        <translation>palette : {palette} ne correspond pas aux canaux {channels}.</translation>
    </message>
    <message>
        <source>palette: it defines {palette}; R, G and B are required.</source>
        <translation>palette : elle définit {palette} ; R, G et B sont nécessaires.</translation>
    </message>
    <message>
        <source>Use the channel names of the project or session.</source>
        <translation>Utilisez les noms de canaux du projet ou de la session.</translation>
    </message>
    <message>
        <source>palette: there is no palette for the channels {channels}.</source>
        <translation>palette : il n’y a pas de palette pour les canaux {channels}.</translation>
    </message>
    <message>
        <source>palette.{colour}: {unknown} is not one of the channels {channels}.</source>
        <translation>palette.{colour} : {unknown} n’est pas un des canaux {channels}.</translation>
    </message>
    <message>
        <source>a linear combination</source>
        <translation>une combinaison linéaire</translation>
    </message>
    <message>
        <source>columns {x0} to {x1}, rows {y0} to {y1} (from 0) of the stacks, canvas.crop {crop}</source>
        <translation>colonnes {x0} à {x1}, lignes {y0} à {y1} (à partir de 0) des empilements, canvas.crop {crop}</translation>
    </message>
    <message>
        <source>{c} times {factor} plus {offset}: {stars} stars and sky matched to the mean of R, G and B</source>
        <translation>{c} fois {factor} plus {offset} : {stars} étoiles et ciel ajustés à la moyenne de R, G et B</translation>
    </message>
    <message>
        <source>{channel}: a plane of {levelled_adu} ADU subtracted, fitted to the sky of the other filters</source>
        <translation>{channel} : un plan de {levelled_adu} ADU soustrait, ajusté au ciel des autres filtres</translation>
    </message>
    <message>
        <source>{channel}: filter {filter}, {stacks} of {run}</source>
        <translation>{channel} : filtre {filter}, {stacks} de {run}</translation>
    </message>
    <message>
        <source>Stack the session again.</source>
        <translation>Empilez à nouveau la session.</translation>
    </message>
    <message>
        <source>The gradient of {channel} was not removed, unlike those of the others: {declined}; with the sky positions of the others: {why}. Set bge.enabled: false to keep all gradients.</source>
        <translation>Le gradient de {channel} n’a pas été retiré, contrairement aux autres : {declined} ; avec les positions de ciel des autres : {why}. bge.enabled: false garde tous les gradients.</translation>
    </message>
    <message>
        <source>clipped (ADU): {levels}; the cores of {cores} stars, {pixels} pixels with their rims, got the colour of the light around them</source>
        <translation>écrêté (ADU) : {levels} ; les cœurs de {cores} étoiles, {pixels} pixels avec leurs bords, ont reçu la couleur de la lumière qui les entoure</translation>
    </message>
    <message>
        <source>The colours were not calibrated: {declined}.</source>
        <translation>Les couleurs n’ont pas été calibrées : {declined}.</translation>
    </message>
    <message>
        <source>The stack of {channel} ({stacks}) differs in size from that of {first}.</source>
        <translation>L’empilement de {channel} ({stacks}) n’a pas la même taille que celui de {first}.</translation>
    </message>
    <message>
        <source>{channel} has too few stars to match the flux of R, G and B: only its sky background was matched.</source>
        <translation>{channel} a trop peu d’étoiles pour ajuster le flux à R, G et B : seul le fond du ciel a été ajusté.</translation>
    </message>
    <message>
        <source>{comments}, all filters</source>
        <translation>{comments}, tous les filtres</translation>
    </message>
    <message>
        <source>{directory} was made from {count} folders, {count2} are given.</source>
        <translation>{directory} a été fait de {count} dossiers, {count2} sont donnés.</translation>
    </message>
    <message>
        <source>Give one --session for each of: {roots}.</source>
        <translation>Donnez un --session pour chacun : {roots}.</translation>
    </message>
    <message>
        <source>{failed} could not be stacked: </source>
        <translation>{failed} n’ont pas pu être empilés : </translation>
    </message>
    <message>
        <source>{channel} could not be stacked: </source>
        <translation>{channel} n’a pas pu être empilé : </translation>
    </message>
    <message>
        <source>The run was cancelled.</source>
        <translation>L’exécution a été annulée.</translation>
    </message>
    <message>
        <source>The lights do not have the warm pixels of the dark ({misfit} % of their excess): the darks are of another camera, or the lights were cleaned of hot pixels before. Give darks of this camera.</source>
        <translation>Les lights n’ont pas les pixels chauds du dark ({misfit} % de leur excès) : les darks viennent d’une autre caméra, ou les lights ont été nettoyés de leurs pixels chauds. Donnez des darks de cette caméra.</translation>
    </message>
    <message>
        <source>{share} % of the pixels look bad: cosmetic correction is skipped.</source>
        <translation>{share} % des pixels semblent mauvais : la correction cosmétique est omise.</translation>
    </message>
    <message>
        <source>The lights have {misfit} % {misfit2} dark current than their darks: warm pixels stay in the frames. Take darks of the same temperature and exposure, or set calibration.fixed_pattern to pixels.</source>
        <translation>Les lights ont {misfit} % de courant d’obscurité {misfit2} que leurs darks : des pixels chauds restent dans les images. Prenez des darks de même température et de même pose, ou mettez calibration.fixed_pattern à pixels.</translation>
    </message>
    <message>
        <source>more</source>
        <translation>de plus</translation>
    </message>
    <message>
        <source>less</source>
        <translation>de moins</translation>
    </message>
    <message>
        <source>Copy it again, or retake it.</source>
        <translation>Copiez-le à nouveau, ou refaites-le.</translation>
    </message>
    <message>
        <source>{info} is not used: {error}</source>
        <translation>{info} n’est pas utilisé : {error}</translation>
    </message>
    <message>
        <source>Give the raw lights to calibrate them here.</source>
        <translation>Donnez les lights bruts pour les calibrer ici.</translation>
    </message>
    <message>
        <source>{state}; its median is {median} ADU, theirs {median2} ADU)</source>
        <translation>{state} ; sa médiane est {median} ADU, la leur {median2} ADU)</translation>
    </message>
    <message>
        <source>The lights are already calibrated ({names}; {done}): this is not done again.</source>
        <translation>Les lights sont déjà calibrés ({names} ; {done}) : cela n’est pas refait.</translation>
    </message>
    <message>
        <source>median {median} ADU</source>
        <translation>médiane {median} ADU</translation>
    </message>
    <message>
        <source>it is already calibrated, most of the lights are not ({where}</source>
        <translation>il est déjà calibré, la plupart des lights ne le sont pas ({where}</translation>
    </message>
    <message>
        <source>it is not calibrated, most of the lights are ({common}</source>
        <translation>il n’est pas calibré, la plupart des lights le sont ({common}</translation>
    </message>
    <message>
        <source>The lights are calibrated according to {where}, but their pixels show the warm pixels of the dark and a level of {median} ADU: they are calibrated here.</source>
        <translation>Les lights sont calibrés d’après {where}, mais leurs pixels montrent les pixels chauds du dark et un niveau de {median} ADU : ils sont calibrés ici.</translation>
    </message>
    <message>
        <source>, bias {bias} ADU</source>
        <translation>, bias {bias} ADU</translation>
    </message>
    <message>
        <source>If the camera was turned between them, give flats of its position during the lights, or turn the flats.</source>
        <translation>Si la caméra a été tournée entre-temps, donnez des flats de sa position pendant les lights, ou tournez les flats.</translation>
    </message>
    <message>
        <source> There the raw lights are at {raw} ADU</source>
        <translation> À cet endroit les lights bruts sont à {raw} ADU</translation>
    </message>
    <message>
        <source>, the {kind} at {below} ADU.</source>
        <translation>, {kind} à {below} ADU.</translation>
    </message>
    <message>
        <source>The flats do not belong to these lights, or contain an offset: check their bias or dark-flats.</source>
        <translation>Les flats n’appartiennent pas à ces lights, ou contiennent un offset : vérifiez leur bias ou leurs dark-flats.</translation>
    </message>
    <message>
        <source>The flats may be {turn} against the lights: the calibrated sky varies by {contrast} % over the frame, as the flat in that orientation divided by the flat does ({explained} % of the variation explained).</source>
        <translation>Les flats sont peut-être {turn} par rapport aux lights : le ciel calibré varie de {contrast} % sur l’image, comme le flat dans cette orientation divisé par le flat ({explained} % de la variation expliquée).</translation>
    </message>
    <message>
        <source>Light reached the darks, or they belong to another camera mode: take them again in the dark.</source>
        <translation>De la lumière a atteint les darks, ou ils viennent d’un autre mode de la caméra : refaites-les dans l’obscurité.</translation>
    </message>
    <message>
        <source>The calibrated lights are below zero: median {lowest} ADU in {places} (limit {limit} ADU), {share} % of their pixels are negative.{before}{what}</source>
        <translation>Les lights calibrés sont sous zéro : médiane {lowest} ADU dans {places} (limite {limit} ADU), {share} % de leurs pixels sont négatifs.{before}{what}</translation>
    </message>
    <message>
        <source>The {kind} does not belong to these lights, or light reached it: give {kind2} frames of the same camera, gain, offset and exposure, taken in the dark.</source>
        <translation>{kind} n’appartient pas à ces lights, ou de la lumière l’a atteint : donnez des poses ({kind2}) de la même caméra, avec les mêmes gain, offset et pose, prises dans l’obscurité.</translation>
    </message>
    <message>
        <source>The calibrated sky follows the {over}flat: it varies by {varies} % over the frame (power {slope} of the flat, {explained} % of the variation explained).</source>
        <translation>Le ciel calibré suit le {over}flat : il varie de {varies} % sur l’image (puissance {slope} du flat, {explained} % de la variation expliquée).</translation>
    </message>
    <message>
        <source>The calibrated sky has the inverse of the structure of the darks: it varies by {lost} ADU over the frame, {slope} times the darks ({explained} % of the variation explained). The lights do not have it.</source>
        <translation>Le ciel calibré a l’inverse de la structure des darks : il varie de {lost} ADU sur l’image, {slope} fois les darks ({explained} % de la variation expliquée). Les lights ne l’ont pas.</translation>
    </message>
    <message>
        <source>inverse of the </source>
        <translation>inverse du </translation>
    </message>
    <message>
        <source>An offset is left in the lights, or they were divided by a flat before: check darks and biases.</source>
        <translation>Un offset reste dans les lights, ou ils ont déjà été divisés par un flat : vérifiez les darks et les bias.</translation>
    </message>
    <message>
        <source>The bias is left in the lights: give darks or bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Le bias reste dans les lights : donnez des darks ou des bias, ou --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>Take flats with a shorter exposure, at half of the full range.</source>
        <translation>Prenez des flats à pose plus courte, à la moitié de la pleine échelle.</translation>
    </message>
    <message>
        <source>Remove the wrong one, or take more.</source>
        <translation>Retirez le mauvais, ou prenez-en plus.</translation>
    </message>
    <message>
        <source>1 {role} frame is not used: {listing}.</source>
        <translation>1 image ({role}) n’est pas utilisée : {listing}.</translation>
    </message>
    <message>
        <source>The two {role} frames contradict each other: the median of {origin} is {median} ADU, that of {origin2} {median2} ADU.</source>
        <translation>Les deux images ({role}) se contredisent : la médiane de {origin} est {median} ADU, celle de {origin2} {median2} ADU.</translation>
    </message>
    <message>
        <source>{count} {role} frames are not used: {listing}{more}.</source>
        <translation>{count} images ({role}) ne sont pas utilisées : {listing}{more}.</translation>
    </message>
    <message>
        <source>All {count} {role} frames are not used: {listing}{more}.</source>
        <translation>Aucune des {count} images ({role}) n’est utilisée : {listing}{more}.</translation>
    </message>
    <message>
        <source>its level varies over the frame by {uneven} ADU, that of the other by {even} ADU: light reached it; medians {median} and {median2} ADU</source>
        <translation>son niveau varie de {uneven} ADU sur l’image, celui de l’autre de {even} ADU : de la lumière l’a atteint ; médianes {median} et {median2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the lights {median2} ADU</source>
        <translation>sa médiane est {median} ADU, celle des lights {median2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the {others} {usual} ADU</source>
        <translation>sa médiane est {median} ADU, celle des {others} {usual} ADU</translation>
    </message>
    <message>
        <source>{share} % of its pixels are clipped at {top} ADU</source>
        <translation>{share} % de ses pixels sont écrêtés à {top} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of its bias or dark-flat {offset} ADU</source>
        <translation>sa médiane est {median} ADU, celle de son bias ou dark-flat {offset} ADU</translation>
    </message>
    <message>
        <source>its light differs from that of the other flats by {shapes} % in places</source>
        <translation>sa lumière diffère par endroits de {shapes} % de celle des autres flats</translation>
    </message>
    <message>
        <source>the noise of its pixels is {noise} ADU, that of the {others} {noise2} ADU</source>
        <translation>le bruit de ses pixels est {noise} ADU, celui des {others} {noise2} ADU</translation>
    </message>
    <message>
        <source>its median is {median} ADU, that of the other flats {others} ADU: it looks like a dark or bias</source>
        <translation>sa médiane est {median} ADU, celle des autres flats {others} ADU : il ressemble à un dark ou à un bias</translation>
    </message>
    <message>
        <source>the noise of its pixels is {noise} ADU, {gain} ADU by the other flats</source>
        <translation>le bruit de ses pixels est {noise} ADU, {gain} ADU d’après les autres flats</translation>
    </message>
    <message>
        <source>its level varies over the frame by {shapes} ADU more than that of the {others}: light, or another camera</source>
        <translation>son niveau varie sur l’image de {shapes} ADU de plus que celui des {others} : de la lumière, ou une autre caméra</translation>
    </message>
    <message>
        <source>multiplied by {factor}</source>
        <translation>multiplié par {factor}</translation>
    </message>
    <message>
        <source>divided by {factor}</source>
        <translation>divisé par {factor}</translation>
    </message>
    <message>
        <source>The {role} {names} has another scale than the lights: {why}. It was {text} ({before} -&gt; {median} ADU).</source>
        <translation>{names} ({role}) a une autre échelle que les lights : {why}. Il a été {text} ({before} -&gt; {median} ADU).</translation>
    </message>
    <message>
        <source>its values are multiples of {step}, those of the lights of {light_step}</source>
        <translation>ses valeurs sont des multiples de {step}, celles des lights de {light_step}</translation>
    </message>
    <message>
        <source>its level is that of the darks before, {before} ADU</source>
        <translation>son niveau est celui des darks d’avant, {before} ADU</translation>
    </message>
    <message>
        <source>its level is {level} ADU, that of the lights {median} ADU, and its warm pixels are {share} times as bright in the lights</source>
        <translation>son niveau est {level} ADU, celui des lights {median} ADU, et ses pixels chauds sont {share} fois aussi brillants dans les lights</translation>
    </message>
    <message>
        <source>Check ROWORDER of the flats: their light does not show whether they are mirrored too.</source>
        <translation>Vérifiez ROWORDER des flats : leur lumière ne montre pas s’ils sont inversés aussi.</translation>
    </message>
    <message>
        <source>Give darks of the same camera, gain, offset and exposure, taken without light.</source>
        <translation>Donnez des darks de la même caméra, avec les mêmes gain, offset et pose, pris sans lumière.</translation>
    </message>
    <message>
        <source>The warm pixels of the dark {names} are in the lights only after mirroring it {mirrored}: the {role} frames were mirrored.</source>
        <translation>Les pixels chauds du dark {names} ne sont dans les lights qu’après inversion ({mirrored}) : les images ({role}) ont été inversées.</translation>
    </message>
    <message>
        <source>The dark {names} does not contain the bias (median {median} ADU, bias {level} ADU{cards}): the bias was added to it.</source>
        <translation>Le dark {names} ne contient pas le bias (médiane {median} ADU, bias {level} ADU{cards}) : le bias lui a été ajouté.</translation>
    </message>
    <message>
        <source>The dark {names} is not used, {bias}: its median is {level} ADU, that of the lights {median} ADU{panel}.</source>
        <translation>Le dark {names} n’est pas utilisé, {bias} : sa médiane est {level} ADU, celle des lights {median} ADU{panel}.</translation>
    </message>
    <message>
        <source>, and it varies over the frame by {spread} ADU, as with light in the darks</source>
        <translation>, et il varie de {spread} ADU sur l’image, comme avec de la lumière dans les darks</translation>
    </message>
    <message>
        <source>Give bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Donnez des bias, ou --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>The dark {names} has no bias according to {where}, but its pixels show it (median {median} ADU, bias {level} ADU): it is used as it is.</source>
        <translation>Le dark {names} n’a pas de bias d’après {where}, mais ses pixels le montrent (médiane {median} ADU, bias {level} ADU) : il est utilisé tel quel.</translation>
    </message>
    <message>
        <source>The dark {names} (median {median} ADU{cards}) does not contain the bias, and there is none: the bias stays in the lights.</source>
        <translation>Le dark {names} (médiane {median} ADU{cards}) ne contient pas le bias, et il n’y en a pas : le bias reste dans les lights.</translation>
    </message>
    <message>
        <source>Check the exposure of the flats, and calibration.synthetic_bias.</source>
        <translation>Vérifiez la pose des flats et calibration.synthetic_bias.</translation>
    </message>
    <message>
        <source>The flat {names} is not used: it is darker than its bias or dark-flat (median {median} ADU, offset {offset} ADU).</source>
        <translation>Le flat {names} n’est pas utilisé : il est plus sombre que son bias ou dark-flat (médiane {median} ADU, offset {offset} ADU).</translation>
    </message>
    <message>
        <source>smallest value {low} ADU, offset {offset} ADU</source>
        <translation>plus petite valeur {low} ADU, offset {offset} ADU</translation>
    </message>
    <message>
        <source>The flat {names} is already calibrated ({evidence}): nothing is subtracted from it.</source>
        <translation>Le flat {names} est déjà calibré ({evidence}) : rien n’en est soustrait.</translation>
    </message>
    <message>
        <source>it cannot be measured ({name}: {error})</source>
        <translation>il ne peut pas être mesuré ({name} : {error})</translation>
    </message>
    <message>
        <source>No darks: bad pixels and fixed pattern are taken from the lights; amp glow stays (calibration.fixed_pattern).</source>
        <translation>Pas de darks : les mauvais pixels et le motif fixe sont pris des lights ; l’électroluminescence reste (calibration.fixed_pattern).</translation>
    </message>
    <message>
        <source>No flats: vignetting and dust stay in the frames.</source>
        <translation>Pas de flats : vignettage et poussières restent dans les images.</translation>
    </message>
    <message>
        <source>Flats without bias or dark-flats: their offset makes the correction too weak. Give bias frames, or --set calibration.synthetic_bias=ADU.</source>
        <translation>Flats sans bias ni dark-flats : leur offset rend la correction trop faible. Donnez des bias, ou --set calibration.synthetic_bias=ADU.</translation>
    </message>
    <message>
        <source>The sky moves too little on the sensor to separate its structure from that of the sensor: {effects}. Dither, or take darks.</source>
        <translation>Le ciel se déplace trop peu sur le capteur pour séparer sa structure de celle du capteur : {effects}. Faites du dithering, ou prenez des darks.</translation>
    </message>
    <message>
        <source>only pixels that are narrower than any star are replaced as bad ({bad_pixels}), others are left to rejection</source>
        <translation>seuls les pixels plus étroits que toute étoile sont remplacés comme mauvais ({bad_pixels}), les autres sont laissés au rejet</translation>
    </message>
    <message>
        <source>Give a master of the same camera, binning and area.</source>
        <translation>Donnez un master de même caméra, même binning et même zone.</translation>
    </message>
    <message>
        <source>Check the exposure of the flats and calibration.synthetic_bias.</source>
        <translation>Vérifiez la pose des flats et calibration.synthetic_bias.</translation>
    </message>
    <message>
        <source>The master {role} {given} has shape {shape}, the lights have {shape2}.</source>
        <translation>Le master {given} ({role}) a la forme {shape}, les lights {shape2}.</translation>
    </message>
    <message>
        <source>The flats of {parent} are darker than their bias.</source>
        <translation>Les flats de {parent} sont plus sombres que leur bias.</translation>
    </message>
    <message>
        <source>Check that the lights show stars (orchestrate scan).</source>
        <translation>Vérifiez que les lights montrent des étoiles (orchestrate scan).</translation>
    </message>
    <message>
        <source>No light of {session} can serve as the reference: {first}.</source>
        <translation>Aucun light de {session} ne peut servir de référence : {first}.</translation>
    </message>
    <message>
        <source>registration.reference: no usable light is named {wanted}.</source>
        <translation>registration.reference : aucun light utilisable ne s’appelle {wanted}.</translation>
    </message>
    <message>
        <source>Lights are named like {lights}.</source>
        <translation>Les lights s’appellent par exemple {lights}.</translation>
    </message>
    <message>
        <source>it shares less than {min_shared} % of the field with the reference</source>
        <translation>il partage moins de {min_shared} % du champ avec la référence</translation>
    </message>
    <message>
        <source>its position, from {inliers} stars only, contradicts the frames before and after it</source>
        <translation>sa position, d’après {inliers} étoiles seulement, contredit les images d’avant et d’après</translation>
    </message>
    <message>
        <source>it belongs to another field{where}{far}: {count} lights that share no stars with the {main} of this picture; stack them as a session of their own</source>
        <translation>il appartient à un autre champ{where}{far} : {count} lights qui ne partagent aucune étoile avec les {main} de cette image ; empilez-les comme session à part</translation>
    </message>
    <message>
        <source>only {count} star found</source>
        <translation>seulement {count} étoile trouvée</translation>
    </message>
    <message>
        <source>only {count} stars found</source>
        <translation>seulement {count} étoiles trouvées</translation>
    </message>
    <message>
        <source>no star pattern in common with other lights ({stars} stars found)</source>
        <translation>aucun motif d’étoiles commun avec d’autres lights ({stars} étoiles trouvées)</translation>
    </message>
    <message>
        <source> near RA {sky_position}, Dec {sky_position2} degrees</source>
        <translation> près de RA {sky_position}, Dec {sky_position2} degrés</translation>
    </message>
    <message>
        <source>, {between} degrees from the reference</source>
        <translation>, à {between} degrés de la référence</translation>
    </message>
    <message>
        <source>The position in the header of {names}{more} is wrong, by up to {apart} degrees: the first one points to RA {ra}, Dec {dec} degrees by plate solving. The headers were not used.</source>
        <translation>La position dans l’en-tête de {names}{more} est fausse, jusqu’à {apart} degrés : d’après l’astrométrie, le premier pointe vers RA {ra}, Dec {dec} degrés. Les en-têtes n’ont pas été utilisés.</translation>
    </message>
    <message>
        <source>{found}, {least_stars} are needed</source>
        <translation>{found}, il en faut {least_stars}</translation>
    </message>
    <message>
        <source>no stars were found</source>
        <translation>aucune étoile n’a été trouvée</translation>
    </message>
    <message>
        <source>{one} and {other} alone tie {small} lights to the others, by {count} stars. Check their place in the picture.</source>
        <translation>Seuls {one} et {other} relient {small} lights aux autres, par {count} étoiles. Vérifiez leur place dans l’image.</translation>
    </message>
    <message>
        <source>it points more than {largest_angle} degrees away from the reference; stack it apart</source>
        <translation>il pointe à plus de {largest_angle} degrés de la référence ; empilez-le à part</translation>
    </message>
    <message>
        <source>only {inliers} of its stars agree with those of adjacent frames, {least_shared} are needed</source>
        <translation>seules {inliers} de ses étoiles concordent avec celles des images voisines, il en faut {least_shared}</translation>
    </message>
    <message>
        <source>its stars are {residual} px off those of the adjacent frames, {max_residual} px is the limit</source>
        <translation>ses étoiles sont à {residual} px de celles des images voisines, {max_residual} px est la limite</translation>
    </message>
    <message>
        <source>Copy it again, or remove it.</source>
        <translation>Copiez-le à nouveau, ou retirez-le.</translation>
    </message>
    <message>
        <source>{layout} holds no data: all of its pixels are 0 or not numbers.</source>
        <translation>{layout} ne contient pas de données : tous ses pixels sont 0 ou ne sont pas des nombres.</translation>
    </message>
    <message>
        <source>Lights with areas without data (0 or not a number): {count}, {listing}. They have no weight there.</source>
        <translation>Lights avec des zones sans données (0 ou pas un nombre) : {count}, {listing}. Ils n’y ont pas de poids.</translation>
    </message>
    <message>
        <source>{clipped} % of the pixels of the lights are clipped to 0: the dark part of the noise is lost, and faint light with it. Take lights with a higher offset (black level).</source>
        <translation>{clipped} % des pixels des lights sont écrêtés à 0 : la partie sombre du bruit est perdue, et avec elle la lumière faible. Prenez des lights avec un offset (niveau du noir) plus élevé.</translation>
    </message>
    <message>
        <source>{origin} is not used: it has three colours, the lights are {cfa}.</source>
        <translation>{origin} n’est pas utilisé : il a trois couleurs, les lights sont {cfa}.</translation>
    </message>
    <message>
        <source>Give {role} frames as the camera wrote them.</source>
        <translation>Donnez des images ({role}) telles que la caméra les a écrites.</translation>
    </message>
    <message>
        <source>The master {role} {master} has shape {shape}, the lights have {shape2}.</source>
        <translation>Le master {master} ({role}) a la forme {shape}, les lights {shape2}.</translation>
    </message>
    <message>
        <source>mosaics</source>
        <translation>des mosaïques</translation>
    </message>
    <message>
        <source>mono</source>
        <translation>mono</translation>
    </message>
    <message>
        <source>Give bias frames and darks of the same area and binning.</source>
        <translation>Donnez des bias et des darks de même zone et même binning.</translation>
    </message>
    <message>
        <source>The master bias has the size {base}, the master dark {shape}.</source>
        <translation>Le master bias a la taille {base}, le master dark {shape}.</translation>
    </message>
    <message>
        <source>Siril lists {count} of {count2} lights.</source>
        <translation>Siril énumère {count} des {count2} lights.</translation>
    </message>
    <message>
        <source>Siril cannot scale a given master dark, which contains the bias.</source>
        <translation>Siril ne peut pas mettre à l’échelle un master dark donné, qui contient le bias.</translation>
    </message>
    <message>
        <source>Siril needs two lights, {count} can be read.</source>
        <translation>Siril a besoin de deux lights, {count} sont lisibles.</translation>
    </message>
    <message>
        <source>Siril scales darks only on frames of at least {optimisation_square} pixels.</source>
        <translation>Siril ne met à l’échelle les darks que sur des images d’au moins {optimisation_square} pixels.</translation>
    </message>
    <message>
        <source>Use --engine native.</source>
        <translation>Utilisez --engine native.</translation>
    </message>
    <message>
        <source>Siril found no frame with enough stars to be the reference.</source>
        <translation>Siril n’a trouvé aucune image avec assez d’étoiles pour servir de référence.</translation>
    </message>
    <message>
        <source>its transform has the scale {scale}</source>
        <translation>sa transformation a l’échelle {scale}</translation>
    </message>
    <message>
        <source>only {matched} of {possible} stars agree with its transform</source>
        <translation>seules {matched} des {possible} étoiles concordent avec sa transformation</translation>
    </message>
    <message>
        <source>its stars are {residual} px off (rms)</source>
        <translation>ses étoiles sont décalées de {residual} px (RMS)</translation>
    </message>
    <message>
        <source>Siril could not register the reference {reference}.</source>
        <translation>Siril n’a pas pu aligner la référence {reference}.</translation>
    </message>
    <message>
        <source>Siril could not register it ({count} stars found)</source>
        <translation>Siril n’a pas pu l’aligner ({count} étoiles trouvées)</translation>
    </message>
    <message>
        <source>its transform is a reflection</source>
        <translation>sa transformation est une réflexion</translation>
    </message>
    <message>
        <source>Siril&apos;s sequence file {path} cannot be read: {error}.</source>
        <translation>Le fichier de séquence de Siril {path} ne peut pas être lu : {error}.</translation>
    </message>
    <message>
        <source>Siril&apos;s sequence file {path} is damaged: {error}.</source>
        <translation>Le fichier de séquence de Siril {path} est endommagé : {error}.</translation>
    </message>
    <message>
        <source>its size {shape} is not that of the others {shape2}</source>
        <translation>sa taille {shape} n’est pas celle des autres {shape2}</translation>
    </message>
    <message>
        <source>Give a master of the same camera and binning.</source>
        <translation>Donnez un master de même caméra et même binning.</translation>
    </message>
    <message>
        <source>The master {frame} has the size {shape}, the lights have {shape2}.</source>
        <translation>Le master {frame} a la taille {shape}, les lights {shape2}.</translation>
    </message>
    <message>
        <source>Give the transforms of a session with the same reference, or leave the setting out.</source>
        <translation>Donnez les transformations d’une session de même référence, ou omettez ce réglage.</translation>
    </message>
    <message>
        <source>Correct the file.</source>
        <translation>Corrigez le fichier.</translation>
    </message>
    <message>
        <source>Correct the file, or remove the lens from it.</source>
        <translation>Corrigez le fichier, ou retirez-en l’objectif.</translation>
    </message>
    <message>
        <source>{key}: the reference {reference} of {file} is not a usable light of this session.</source>
        <translation>{key} : la référence {reference} de {file} n’est pas un light utilisable de cette session.</translation>
    </message>
    <message>
        <source>Correct the path.</source>
        <translation>Corrigez le chemin.</translation>
    </message>
    <message>
        <source>Give artifacts/registration.json of a run, or a file written by `run --save-transforms`.</source>
        <translation>Donnez artifacts/registration.json d’une exécution, ou un fichier écrit par `run --save-transforms`.</translation>
    </message>
    <message>
        <source>{key}: the transform of {info} in {file} is not an invertible 3x3 matrix.</source>
        <translation>{key} : la transformation de {info} dans {file} n’est pas une matrice 3x3 inversible.</translation>
    </message>
    <message>
        <source>{key}: the transform of {info} in {file} moves it by {distance} px, more than {most_frames_away} times its size.</source>
        <translation>{key} : la transformation de {info} dans {file} le déplace de {distance} px, plus de {most_frames_away} fois sa taille.</translation>
    </message>
    <message>
        <source>{key}: the lens of {info} in {file} has not the finite centre, radius and terms of a polynomial.</source>
        <translation>{key} : l’objectif de {info} dans {file} n’a pas le centre, le rayon et les termes finis d’un polynôme.</translation>
    </message>
    <message>
        <source>{key}: {file} cannot be read: {strerror}.</source>
        <translation>{key} : {file} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>{key}: {file} contains no transforms ({error}).</source>
        <translation>{key} : {file} ne contient pas de transformations ({error}).</translation>
    </message>
    <message>
        <source>{file} has no transform for it</source>
        <translation>{file} n’a pas de transformation pour lui</translation>
    </message>
    <message>
        <source>Check the folder and its permissions.</source>
        <translation>Vérifiez le dossier et ses droits.</translation>
    </message>
    <message>
        <source>A frame is (columns, rows) or (columns, rows, 3); a cube of frames must not be packed with gzip.</source>
        <translation>Une image est (colonnes, lignes) ou (colonnes, lignes, 3) ; un cube d’images ne doit pas être compressé avec gzip.</translation>
    </message>
    <message>
        <source>Copy it again.</source>
        <translation>Copiez-le à nouveau.</translation>
    </message>
    <message>
        <source>Decompress it first (orchestrator.io.fits.decompress).</source>
        <translation>Décompressez-le d’abord (orchestrator.io.fits.decompress).</translation>
    </message>
    <message>
        <source>FITS allows 8, 16, 32, 64, -32, -64.</source>
        <translation>FITS permet 8, 16, 32, 64, -32, -64.</translation>
    </message>
    <message>
        <source>{bad} % of its pixels are not numbers</source>
        <translation>{bad} % de ses pixels ne sont pas des nombres</translation>
    </message>
    <message>
        <source>{flat} % of its rows are empty or hold one value only</source>
        <translation>{flat} % de ses lignes sont vides ou n’ont qu’une valeur</translation>
    </message>
    <message>
        <source>Decompress it with funpack first, or remove it.</source>
        <translation>Décompressez-le d’abord avec funpack, ou retirez-le.</translation>
    </message>
    <message>
        <source>Free some space, or choose another --runs-dir.</source>
        <translation>Libérez de la place, ou choisissez un autre --runs-dir.</translation>
    </message>
    <message>
        <source>{path} could not be written: {strerror}.</source>
        <translation>{path} n’a pas pu être écrit : {strerror}.</translation>
    </message>
    <message>
        <source>Remove it or copy it again.</source>
        <translation>Retirez-le ou copiez-le à nouveau.</translation>
    </message>
    <message>
        <source>its NAXIS is {count}</source>
        <translation>son NAXIS est {count}</translation>
    </message>
    <message>
        <source>its BITPIX is {bitpix}</source>
        <translation>son BITPIX est {bitpix}</translation>
    </message>
    <message>
        <source>{path} has {count} axes {axes}.</source>
        <translation>{path} a {count} axes {axes}.</translation>
    </message>
    <message>
        <source>{path} has axes {axes}.</source>
        <translation>{path} a les axes {axes}.</translation>
    </message>
    <message>
        <source>{path} is compressed.</source>
        <translation>{path} est compressé.</translation>
    </message>
    <message>
        <source>{path} has BITPIX {bitpix}.</source>
        <translation>{path} a BITPIX {bitpix}.</translation>
    </message>
    <message>
        <source>{path} is truncated: it has {available} of {needed} bytes of pixels.</source>
        <translation>{path} est tronqué : il a {available} des {needed} octets de pixels.</translation>
    </message>
    <message>
        <source>Its pixels have no value with it; write the frame again.</source>
        <translation>Ses pixels n’ont ainsi pas de valeur ; réécrivez l’image.</translation>
    </message>
    <message>
        <source>{path} needs {needed} GiB of memory to be decompressed.</source>
        <translation>{path} a besoin de {needed} Gio de mémoire pour être décompressé.</translation>
    </message>
    <message>
        <source>The disk is full: {path} could not be written.</source>
        <translation>Le disque est plein : {path} n’a pas pu être écrit.</translation>
    </message>
    <message>
        <source>{path} is truncated: it ends before its pixels do.</source>
        <translation>{path} est tronqué : il finit avant ses pixels.</translation>
    </message>
    <message>
        <source>{path} is truncated.</source>
        <translation>{path} est tronqué.</translation>
    </message>
    <message>
        <source>{path} cannot be read as FITS: {reason}.</source>
        <translation>{path} ne peut pas être lu comme FITS : {reason}.</translation>
    </message>
    <message>
        <source>its axes are {axes}</source>
        <translation>ses axes sont {axes}</translation>
    </message>
    <message>
        <source>its header has {axes} pixels, more than any camera</source>
        <translation>son en-tête a {axes} pixels, plus que toute caméra</translation>
    </message>
    <message>
        <source>{path} has {key} {value}.</source>
        <translation>{path} a {key} {value}.</translation>
    </message>
    <message>
        <source>{path} cannot be decompressed: {error}.</source>
        <translation>{path} ne peut pas être décompressé : {error}.</translation>
    </message>
    <message>
        <source>it contains {shape} pixels, its header has {shape2}</source>
        <translation>il contient {shape} pixels, son en-tête en indique {shape2}</translation>
    </message>
    <message>
        <source>{path} has no plane {index}.</source>
        <translation>{path} n’a pas de plan {index}.</translation>
    </message>
    <message>
        <source>Give another file for the copy.</source>
        <translation>Indiquez un autre fichier pour la copie.</translation>
    </message>
    <message>
        <source>{share} % of the pixels are {where} and are clipped in 16 bits.</source>
        <translation>{share} % des pixels sont {where} et sont écrêtés en 16 bits.</translation>
    </message>
    <message>
        <source>{target} is the image itself.</source>
        <translation>{target} est l’image elle-même.</translation>
    </message>
    <message>
        <source>Develop it to linear 16-bit TIFF in another program.</source>
        <translation>Développez-le en TIFF linéaire 16 bits dans un autre programme.</translation>
    </message>
    <message>
        <source>{path} has a sensor with the colours {value}, which cannot be debayered here.</source>
        <translation>{path} vient d’un capteur aux couleurs {value}, qui ne peut pas être dématricé ici.</translation>
    </message>
    <message>
        <source>{path} is a raw file of a camera, and the program that decodes them is not installed.</source>
        <translation>{path} est un fichier brut d’appareil photo, et le programme qui les décode n’est pas installé.</translation>
    </message>
    <message>
        <source>{path} is not a raw file that LibRaw {libraw_version} knows.</source>
        <translation>{path} n’est pas un fichier brut connu de LibRaw {libraw_version}.</translation>
    </message>
    <message>
        <source>Copy it again, or convert it to DNG; a new camera may need a newer rawpy ({value}).</source>
        <translation>Copiez-le à nouveau, ou convertissez-le en DNG ; un appareil récent peut demander un rawpy plus récent ({value}).</translation>
    </message>
    <message>
        <source>{path} cannot be read as {name}: {error}.</source>
        <translation>{path} ne peut pas être lu comme {name} : {error}.</translation>
    </message>
    <message>
        <source>its header has {shape} pixels</source>
        <translation>son en-tête a {shape} pixels</translation>
    </message>
    <message>
        <source>its samples have the type {dtype}</source>
        <translation>ses échantillons ont le type {dtype}</translation>
    </message>
    <message>
        <source>a directory has {count} entries</source>
        <translation>un répertoire a {count} entrées</translation>
    </message>
    <message>
        <source>{file} has {complete} complete frames, no number {index}.</source>
        <translation>{file} a {complete} images complètes, pas de numéro {index}.</translation>
    </message>
    <message>
        <source>its ColorID is {colour}; mono, Bayer mosaics, RGB and BGR can be read</source>
        <translation>son ColorID est {colour} ; mono, mosaïques de Bayer, RGB et BGR sont lisibles</translation>
    </message>
    <message>
        <source>its PixelDepthPerPlane is {depth}</source>
        <translation>son PixelDepthPerPlane est {depth}</translation>
    </message>
    <message>
        <source>Export 16-bit or 32-bit linear TIFF, or give the raw frames.</source>
        <translation>Exportez un TIFF linéaire 16 ou 32 bits, ou donnez les images brutes.</translation>
    </message>
    <message>
        <source>Save it as grey or RGB without alpha channel.</source>
        <translation>Enregistrez-le en gris ou RGB sans canal alpha.</translation>
    </message>
    <message>
        <source>Save it with 16 or 32 bits.</source>
        <translation>Enregistrez-le en 16 ou 32 bits.</translation>
    </message>
    <message>
        <source>Export it with a linear profile (gamma 1.0), or give the raw frames.</source>
        <translation>Exportez-le avec un profil linéaire (gamma 1,0), ou donnez les images brutes.</translation>
    </message>
    <message>
        <source>{path} has {bitspersample} bits per sample, as pictures have that were developed.</source>
        <translation>{path} a {bitspersample} bits par échantillon, comme les images développées.</translation>
    </message>
    <message>
        <source>{path} has PhotometricInterpretation {kind} and {samples} samples for each pixel.</source>
        <translation>{path} a PhotometricInterpretation {kind} et {samples} échantillons par pixel.</translation>
    </message>
    <message>
        <source>{path} has 64 bits per sample.</source>
        <translation>{path} a 64 bits par échantillon.</translation>
    </message>
    <message>
        <source>{path} has a colour profile with the tone curve of a screen: its values are not linear light.</source>
        <translation>{path} a un profil de couleur avec la courbe d’un écran : ses valeurs ne sont pas de la lumière linéaire.</translation>
    </message>
    <message>
        <source>{path} is compressed with {compression}.</source>
        <translation>{path} est compressé avec {compression}.</translation>
    </message>
    <message>
        <source>Save it without compression, or: {value}</source>
        <translation>Enregistrez-le sans compression, ou : {value}</translation>
    </message>
    <message>
        <source>its compression is {codec}; zlib, lz4, lz4hc and zstd can be read</source>
        <translation>sa compression est {codec} ; zlib, lz4, lz4hc et zstd sont lisibles</translation>
    </message>
    <message>
        <source>its samples are {sampleformat}; {samples} can be read</source>
        <translation>ses échantillons sont {sampleformat} ; {samples} sont lisibles</translation>
    </message>
    <message>
        <source>its image is {geometry} {value}; grey and RGB ones can be read</source>
        <translation>son image est {geometry} {value} ; les grises et RGB sont lisibles</translation>
    </message>
    <message>
        <source>its pixels are in a block of the kind {kind}; only attached blocks can be read</source>
        <translation>ses pixels sont dans un bloc du genre {kind} ; seuls les blocs attachés sont lisibles</translation>
    </message>
    <message>
        <source>its pixels are at {location}</source>
        <translation>ses pixels sont en {location}</translation>
    </message>
    <message>
        <source>its compression is {compression}, its image has {expected} bytes</source>
        <translation>sa compression est {compression}, son image a {expected} octets</translation>
    </message>
    <message>
        <source>it unpacks to {count} of {whole} bytes</source>
        <translation>il se décompresse en {count} des {whole} octets</translation>
    </message>
    <message>
        <source>{path} states {stated} frames and holds {complete}: those that are complete are used.</source>
        <translation>{path} annonce {stated} images et en contient {complete} : les complètes sont utilisées.</translation>
    </message>
    <message>
        <source>Unpack it first (orchestrator.io.frames.as_fits).</source>
        <translation>Décompressez-le d’abord (orchestrator.io.frames.as_fits).</translation>
    </message>
    <message>
        <source>{path} cannot be read as {name}: {value}.</source>
        <translation>{path} ne peut pas être lu comme {name} : {value}.</translation>
    </message>
    <message>
        <source>{path} contains {shape} pixels, its header has {path2}.</source>
        <translation>{path} contient {shape} pixels, son en-tête en indique {path2}.</translation>
    </message>
    <message>
        <source>Plate solve it: orchestrate solve FILE.</source>
        <translation>Faites l’astrométrie : orchestrate solve FICHIER.</translation>
    </message>
    <message>
        <source>Give a folder that does not exist.</source>
        <translation>Indiquez un dossier qui n’existe pas.</translation>
    </message>
    <message>
        <source>A HiPS needs the package reproject.</source>
        <translation>Un HiPS a besoin du paquet reproject.</translation>
    </message>
    <message>
        <source>{source} has no WCS.</source>
        <translation>{source} n’a pas de WCS.</translation>
    </message>
    <message>
        <source>{folder} exists already.</source>
        <translation>{folder} existe déjà.</translation>
    </message>
    <message>
        <source>Check the disk and the permissions of the folder.</source>
        <translation>Vérifiez le disque et les droits du dossier.</translation>
    </message>
    <message>
        <source>Put it back, or run again without it.</source>
        <translation>Remettez-le, ou recommencez sans lui.</translation>
    </message>
    <message>
        <source>Check the disk.</source>
        <translation>Vérifiez le disque.</translation>
    </message>
    <message>
        <source>Run again when the file is complete.</source>
        <translation>Recommencez quand le fichier est complet.</translation>
    </message>
    <message>
        <source>{value} cannot be read: {strerror}.</source>
        <translation>{value} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>{value} has changed during the run.</source>
        <translation>{value} a changé pendant l’exécution.</translation>
    </message>
    <message>
        <source>{value} is truncated: it ends before its pixels do.</source>
        <translation>{value} est tronqué : il finit avant ses pixels.</translation>
    </message>
    <message>
        <source>The program&apos;s templates are missing.</source>
        <translation>Les modèles du programme manquent.</translation>
    </message>
    <message>
        <source>Install the package again.</source>
        <translation>Réinstallez le paquet.</translation>
    </message>
    <message>
        <source>The template {name} is missing.</source>
        <translation>Le modèle {name} manque.</translation>
    </message>
    <message>
        <source>its {packed} MiB would unpack to {needed} GiB, which no frame does</source>
        <translation>ses {packed} Mio donneraient {needed} Gio, ce qu’aucune image ne fait</translation>
    </message>
    <message>
        <source>its headers describe {offset} GiB, which no frame in a file of this size has</source>
        <translation>ses en-têtes décrivent {offset} Gio, ce qu’aucune image d’un fichier de cette taille n’a</translation>
    </message>
    <message>
        <source>{path} is damaged: {problem}.</source>
        <translation>{path} est endommagé : {problem}.</translation>
    </message>
    <message>
        <source>It is damaged or not a frame; copy it again.</source>
        <translation>Il est endommagé ou n’est pas une image ; copiez-le à nouveau.</translation>
    </message>
    <message>
        <source>{path} has more than {most_after_image} MiB of data after its image.</source>
        <translation>{path} a plus de {most_after_image} Mio de données après son image.</translation>
    </message>
    <message>
        <source>Nothing is written to folders of raw frames: choose another location.</source>
        <translation>Rien n’est écrit dans les dossiers d’images brutes : choisissez un autre emplacement.</translation>
    </message>
    <message>
        <source>Give the name of a file.</source>
        <translation>Indiquez le nom d’un fichier.</translation>
    </message>
    <message>
        <source>Choose another name, or move that file first.</source>
        <translation>Choisissez un autre nom, ou déplacez d’abord ce fichier.</translation>
    </message>
    <message>
        <source>{path} would be written to {folder}, a folder of raw frames.</source>
        <translation>{path} serait écrit dans {folder}, un dossier d’images brutes.</translation>
    </message>
    <message>
        <source>{path} is a folder.</source>
        <translation>{path} est un dossier.</translation>
    </message>
    <message>
        <source>{path} exists and holds a frame or an image that this program did not write.</source>
        <translation>{path} existe et contient une image que ce programme n’a pas écrite.</translation>
    </message>
    <message>
        <source>Choose a location outside the session.</source>
        <translation>Choisissez un emplacement hors de la session.</translation>
    </message>
    <message>
        <source>{target} is in the session {inside}; session folders are never written to.</source>
        <translation>{target} est dans la session {inside} ; rien n’est jamais écrit dans les dossiers de session.</translation>
    </message>
    <message>
        <source>{folder} is a folder of raw frames.</source>
        <translation>{folder} est un dossier d’images brutes.</translation>
    </message>
    <message>
        <source>{folder} is in {raw}, a folder of raw frames.</source>
        <translation>{folder} est dans {raw}, un dossier d’images brutes.</translation>
    </message>
    <message>
        <source>clouds: {star_count} stars detected, {usual} are usual</source>
        <translation>nuages : {star_count} étoiles détectées, {usual} d’habitude</translation>
    </message>
    <message>
        <source>it cannot be registered: {found}</source>
        <translation>il ne peut pas être aligné : {found}</translation>
    </message>
    <message>
        <source>clouds: {starlight} % of the starlight of the reference</source>
        <translation>nuages : {starlight} % de la lumière d’étoiles de la référence</translation>
    </message>
    <message>
        <source>Some stacked lights were removed from the folder or changed: the stack keeps the sensor pattern that it contains; later lights are corrected.</source>
        <translation>Des lights empilés ont été retirés du dossier ou modifiés : l’empilement garde le motif du capteur qu’il contient ; les lights suivants sont corrigés.</translation>
    </message>
    <message>
        <source>Start a new live stack with another --run-id.</source>
        <translation>Commencez un nouvel empilement en direct avec un autre --run-id.</translation>
    </message>
    <message>
        <source>The reference of the live stack cannot be read: {measured}</source>
        <translation>La référence de l’empilement en direct ne peut pas être lue : {measured}</translation>
    </message>
    <message>
        <source>restacking {count} lights without the sensor pattern</source>
        <translation>réempilement de {count} lights sans le motif du capteur</translation>
    </message>
    <message>
        <source>it has the same pixels as {name}, which is in the stack</source>
        <translation>il a les mêmes pixels que {name}, qui est dans l’empilement</translation>
    </message>
    <message>
        <source>the stack shows {shown}</source>
        <translation>l’empilement montre {shown}</translation>
    </message>
    <message>
        <source>{star_count} stars detected, too few for registration</source>
        <translation>{star_count} étoiles détectées, trop peu pour l’alignement</translation>
    </message>
    <message>
        <source>its size, gain or binning differ from those of the earlier frames</source>
        <translation>sa taille, son gain ou son binning diffèrent de ceux des images précédentes</translation>
    </message>
    <message>
        <source>it was changed after it was stacked; its earlier content is in the stack</source>
        <translation>il a été modifié après son empilement ; son contenu d’avant est dans l’empilement</translation>
    </message>
    <message>
        <source>Give HOST:PORT, such as 127.0.0.1:8000.</source>
        <translation>Indiquez HÔTE:PORT, par exemple 127.0.0.1:8000.</translation>
    </message>
    <message>
        <source>Choose another --page-address, such as 127.0.0.1:0 for any free port.</source>
        <translation>Choisissez un autre --page-address, par exemple 127.0.0.1:0 pour un port libre.</translation>
    </message>
    <message>
        <source>{text} is not an address of a page.</source>
        <translation>{text} n’est pas l’adresse d’une page.</translation>
    </message>
    <message>
        <source>The page cannot be served at {address}:{address2}: {error}.</source>
        <translation>La page ne peut pas être servie à {address}:{address2} : {error}.</translation>
    </message>
    <message>
        <source>the field of {info}</source>
        <translation>le champ de {info}</translation>
    </message>
    <message>
        <source>{inliers} stars place it on {label}</source>
        <translation>{inliers} étoiles le placent sur {label}</translation>
    </message>
    <message>
        <source>it cannot be registered: {stars}, its header {away} fields away from there</source>
        <translation>il ne peut pas être aligné : {stars}, son en-tête est à {away} champs de là</translation>
    </message>
    <message>
        <source>it cannot be registered: {stars}, {inliers} on {label}, at another place</source>
        <translation>il ne peut pas être aligné : {stars}, {inliers} sur {label}, à un autre endroit</translation>
    </message>
    <message>
        <source>it cannot be registered: {reasons}</source>
        <translation>il ne peut pas être aligné : {reasons}</translation>
    </message>
    <message>
        <source>{label} is not shown</source>
        <translation>{label} n’est pas montré</translation>
    </message>
    <message>
        <source>lights of {others}</source>
        <translation>lights de {others}</translation>
    </message>
    <message>
        <source>its filter is {other}, {reason}</source>
        <translation>son filtre est {other}, {reason}</translation>
    </message>
    <message>
        <source>To start again, remove its folder or choose another --run-id; the raw frames are not affected.</source>
        <translation>Pour recommencer, supprimez son dossier ou choisissez un autre --run-id ; les images brutes ne sont pas touchées.</translation>
    </message>
    <message>
        <source>The state of the live stack {path} cannot be read: {error}.</source>
        <translation>L’état de l’empilement en direct {path} ne peut pas être lu : {error}.</translation>
    </message>
    <message>
        <source>The live stack {path} was written by another version of orchestrate.</source>
        <translation>L’empilement en direct {path} vient d’une autre version d’orchestrate.</translation>
    </message>
    <message>
        <source>Choose another --run-id.</source>
        <translation>Choisissez un autre --run-id.</translation>
    </message>
    <message>
        <source>Continue with the same settings, or start a new live stack with another --run-id.</source>
        <translation>Continuez avec les mêmes réglages, ou commencez un nouvel empilement en direct avec un autre --run-id.</translation>
    </message>
    <message>
        <source>Use --every 10 --poll 2.</source>
        <translation>Utilisez --every 10 --poll 2.</translation>
    </message>
    <message>
        <source>Remove that folder, or choose another --run-id.</source>
        <translation>Supprimez ce dossier, ou choisissez un autre --run-id.</translation>
    </message>
    <message>
        <source>{parent} contains the live stack of {before}.</source>
        <translation>{parent} contient l’empilement en direct de {before}.</translation>
    </message>
    <message>
        <source>{parent} contains a live stack that was written by another version of orchestrate.</source>
        <translation>{parent} contient un empilement en direct d’une autre version d’orchestrate.</translation>
    </message>
    <message>
        <source>{changed} differ from those of the live stack in {parent}.</source>
        <translation>{changed} diffèrent de ceux de l’empilement en direct dans {parent}.</translation>
    </message>
    <message>
        <source>The live stack shows the filter {shown}; lights of {other} are {other_filters_note}.</source>
        <translation>L’empilement en direct montre le filtre {shown} ; les lights de {other} sont {other_filters_note}.</translation>
    </message>
    <message>
        <source>{label} ({count} lights from {lead} on)</source>
        <translation>{label} ({count} lights à partir de {lead})</translation>
    </message>
    <message>
        <source>every={every}, poll={poll}: both must be above 0.</source>
        <translation>every={every}, poll={poll} : les deux doivent être supérieurs à 0.</translation>
    </message>
    <message>
        <source>{mark} cannot be read: {error}.</source>
        <translation>{mark} ne peut pas être lu : {error}.</translation>
    </message>
    <message>
        <source>The live stack in {directory} shows the filter {shown}, not {show}.</source>
        <translation>L’empilement en direct dans {directory} montre le filtre {shown}, pas {show}.</translation>
    </message>
    <message>
        <source>Continue with --show {shown}, or start another live stack with --run-id.</source>
        <translation>Continuez avec --show {shown}, ou commencez un autre empilement en direct avec --run-id.</translation>
    </message>
    <message>
        <source>it cannot be read: {error}</source>
        <translation>il ne peut pas être lu : {error}</translation>
    </message>
    <message>
        <source>Lights that share no star pattern with the others yet: {count} ({names}). They wait, and are added when lights that show the same stars arrive.</source>
        <translation>Lights qui ne partagent encore aucun motif d’étoiles avec les autres : {count} ({names}). Ils attendent, et sont ajoutés quand arrivent des lights montrant les mêmes étoiles.</translation>
    </message>
    <message>
        <source>{path} is left out: {reason}</source>
        <translation>{path} est laissé de côté : {reason}</translation>
    </message>
    <message>
        <source>{frames} is not in the picture: {reason}.</source>
        <translation>{frames} n’est pas dans l’image : {reason}.</translation>
    </message>
    <message>
        <source>Only {ties} stars of other panels place {frames}: its stars may be some tenths of a pixel off. The full run (--finish, or `orchestrate run`) compares all lights with each other.</source>
        <translation>Seules {ties} étoiles d’autres panneaux placent {frames} : ses étoiles peuvent être décalées de quelques dixièmes de pixel. L’exécution complète (--finish, ou `orchestrate run`) compare tous les lights entre eux.</translation>
    </message>
    <message>
        <source>The stack could not be plate solved: {error}</source>
        <translation>L’astrométrie de l’empilement a échoué : {error}</translation>
    </message>
    <message>
        <source>The stack has no WCS: {why}</source>
        <translation>L’empilement n’a pas de WCS : {why}</translation>
    </message>
    <message>
        <source>The WCS of the stack is wrong by up to {error} px: with registration.transform {transform} the lens stays in the picture, and neighbouring panels disagree. registration.transform: auto removes it.</source>
        <translation>Le WCS de l’empilement est faux de {error} px au plus : avec registration.transform {transform} la distorsion reste dans l’image, et les panneaux voisins ne concordent pas. registration.transform: auto l’enlève.</translation>
    </message>
    <message>
        <source>The WCS of the stack by {source} could not be compared with a catalog: {error}</source>
        <translation>Le WCS de l’empilement par {source} n’a pas pu être comparé à un catalogue : {error}</translation>
    </message>
    <message>
        <source>The WCS of the stack by {source} is not used: {why} ({against}). The stack is plate solved instead; check the positions of its frames.</source>
        <translation>Le WCS de l’empilement par {source} n’est pas utilisé : {why} ({against}). L’astrométrie est faite sur l’empilement ; vérifiez les positions de ses images.</translation>
    </message>
    <message>
        <source>{fallback} The native polynomial was used for the background.</source>
        <translation>{fallback} Le polynôme natif a été utilisé pour le fond.</translation>
    </message>
    <message>
        <source>Only a plane was subtracted from the background of {planes}, not the curved model: {doubt}.{remedy}</source>
        <translation>Seul un plan a été soustrait du fond de {planes}, pas le modèle courbe : {doubt}.{remedy}</translation>
    </message>
    <message>
        <source>{path} is a mosaic</source>
        <translation>{path} est une mosaïque</translation>
    </message>
    <message>
        <source>The background was not changed: {declined}.{remedy}</source>
        <translation>Le fond n’a pas été modifié : {declined}.{remedy}</translation>
    </message>
    <message>
        <source>The background of {channel} was not changed: {failed}.</source>
        <translation>Le fond de {channel} n’a pas été modifié : {failed}.</translation>
    </message>
    <message>
        <source>Siril failed; the native engine is used instead: {error}</source>
        <translation>Siril a échoué ; le moteur natif est utilisé à la place : {error}</translation>
    </message>
    <message>
        <source>there are no darks, and bad pixels cannot be detected in fewer than {min_lights} lights</source>
        <translation>il n’y a pas de darks, et les mauvais pixels ne peuvent pas être détectés dans moins de {min_lights} lights</translation>
    </message>
    <message>
        <source>{error} The native engine is used.</source>
        <translation>{error} Le moteur natif est utilisé.</translation>
    </message>
    <message>
        <source>{lights} is not used: {reason}</source>
        <translation>{lights} n’est pas utilisé : {reason}</translation>
    </message>
    <message>
        <source>Saved to the library of masters: {saved}.</source>
        <translation>Enregistré dans la bibliothèque de masters : {saved}.</translation>
    </message>
    <message>
        <source>engine.name is native</source>
        <translation>engine.name est native</translation>
    </message>
    <message>
        <source>reduced mode: {count} frames, clustering needs {least}</source>
        <translation>mode réduit : {count} images, le regroupement en demande {least}</translation>
    </message>
    <message>
        <source>H-alpha and [O III] separated: green records {green_of_ha} % of H-alpha, red {red_of_oiii} % of [O III]</source>
        <translation>H-alpha et [O III] séparés : le vert enregistre {green_of_ha} % de H-alpha, le rouge {red_of_oiii} % de [O III]</translation>
    </message>
    <message>
        <source>{fallback} The native photometry was used for the colours.</source>
        <translation>{fallback} La photométrie native a été utilisée pour les couleurs.</translation>
    </message>
    <message>
        <source>The colours were not changed: {declined}.</source>
        <translation>Les couleurs n’ont pas été modifiées : {declined}.</translation>
    </message>
    <message>
        <source>H-alpha and [O III] were not separated: {reason}.</source>
        <translation>H-alpha et [O III] n’ont pas été séparés : {reason}.</translation>
    </message>
    <message>
        <source>{path} has no colours</source>
        <translation>{path} n’a pas de couleurs</translation>
    </message>
    <message>
        <source>{above} pixels are brighter than the full scale of the reference {name}, and are clipped in the stack, although shorter exposures show them. Set registration.reference to one of the shorter exposures.</source>
        <translation>{above} pixels sont plus brillants que la pleine échelle de la référence {name}, et sont écrêtés dans l’empilement, alors que des poses plus courtes les montrent. Mettez registration.reference à l’une des poses plus courtes.</translation>
    </message>
    <message>
        <source>{holes} pixels of the mosaic have no sample of their colour and were filled from neighbours.</source>
        <translation>{holes} pixels de la mosaïque n’ont pas d’échantillon de leur couleur et ont été remplis par leurs voisins.</translation>
    </message>
    <message>
        <source>{error} The mosaic was debayered with malvar instead.</source>
        <translation>{error} La mosaïque a été dématricée avec malvar à la place.</translation>
    </message>
    <message>
        <source>the stack already has colours (debayer: {mode})</source>
        <translation>l’empilement a déjà des couleurs (debayer : {mode})</translation>
    </message>
    <message>
        <source>The selection keeps {count} of {count2} frames: too few for reliable outlier rejection.</source>
        <translation>La sélection garde {count} des {count2} images : trop peu pour un rejet fiable des valeurs aberrantes.</translation>
    </message>
    <message>
        <source>stacking.exclude leaves {least} frames in a tile: with fewer than {min_survivors} (stacking.min_survivors) nothing is rejected there.</source>
        <translation>stacking.exclude laisse {least} images dans une tuile : avec moins de {min_survivors} (stacking.min_survivors) rien n’y est rejeté.</translation>
    </message>
    <message>
        <source>The brightness of {count} of {count2} panels relative to the reference has an error above {max_scale_error} %: {shown}.{remedy}</source>
        <translation>La luminosité de {count} des {count2} panneaux par rapport à la référence a une erreur supérieure à {max_scale_error} % : {shown}.{remedy}</translation>
    </message>
    <message>
        <source>panel {value} ({count} frames from {first} on, {stars} stars in its overlaps): {known}{seen}</source>
        <translation>panneau {value} ({count} images à partir de {first}, {stars} étoiles dans ses recouvrements) : {known}{seen}</translation>
    </message>
    <message>
        <source>output.hips: {error} Then write it with `orchestrate export {directory} --hips FOLDER`.</source>
        <translation>output.hips : {error} Écrivez-le ensuite avec `orchestrate export {directory} --hips DOSSIER`.</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px and {count} frames sample the planes of the mosaic well</source>
        <translation>FWHM {fwhm} px et {count} images échantillonnent bien les plans de la mosaïque</translation>
    </message>
    <message>
        <source>Use reconstruction.method mean, or leave out the nights of other cameras.</source>
        <translation>Utilisez reconstruction.method mean, ou écartez les nuits d’autres caméras.</translation>
    </message>
    <message>
        <source>reconstruction.method: drizzle needs frames that have not been resampled.</source>
        <translation>reconstruction.method: drizzle a besoin d’images non rééchantillonnées.</translation>
    </message>
    <message>
        <source>Set engine.siril.output to transforms.</source>
        <translation>Mettez engine.siril.output à transforms.</translation>
    </message>
    <message>
        <source>Leave debayer.stage at auto.</source>
        <translation>Laissez debayer.stage à auto.</translation>
    </message>
    <message>
        <source>Increase registration.max_mosaic_growth to keep all of it ({needed} GiB on the disk for its products).</source>
        <translation>Augmentez registration.max_mosaic_growth pour tout garder ({needed} Gio de disque pour ses produits).</translation>
    </message>
    <message>
        <source>debayer.stage is {stage}</source>
        <translation>debayer.stage est {stage}</translation>
    </message>
    <message>
        <source>the field rotates by {largest} deg: the planes of the mosaic are rotated against one another</source>
        <translation>le champ tourne de {largest} degrés : les plans de la mosaïque sont tournés l’un par rapport à l’autre</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px is below {min_fwhm_last}: the planes of the mosaic are undersampled</source>
        <translation>FWHM {fwhm} px est inférieur à {min_fwhm_last} : les plans de la mosaïque sont sous-échantillonnés</translation>
    </message>
    <message>
        <source>{count} frames are too few to fill the planes of the mosaic</source>
        <translation>{count} images sont trop peu pour remplir les plans de la mosaïque</translation>
    </message>
    <message>
        <source>reconstruction.method: {method} needs frames of one pixel scale; these have several (different cameras, telescopes or binnings).</source>
        <translation>reconstruction.method: {method} a besoin d’images d’une même échelle ; celles-ci en ont plusieurs (caméras, télescopes ou binnings différents).</translation>
    </message>
    <message>
        <source>reconstruction.method: drizzle cannot be combined with debayer.stage {stage}.</source>
        <translation>reconstruction.method: drizzle ne peut pas être combiné avec debayer.stage {stage}.</translation>
    </message>
    <message>
        <source>All of it needs {needed} GiB on the disk for its products ({free} GiB are free at {outputs}) and {memory} GiB of memory: make room, or set mosaic.scale to larger pixels; registration.max_mosaic_growth overrides this limit.</source>
        <translation>La totalité demande {needed} Gio de disque pour ses produits ({free} Gio sont libres dans {outputs}) et {memory} Gio de mémoire : faites de la place, ou mettez mosaic.scale à de plus grands pixels ; registration.max_mosaic_growth lève cette limite.</translation>
    </message>
    <message>
        <source>The {mosaic} has {whole} times the area of a frame: it is cropped to {area} times, around the reference. {remedy}</source>
        <translation>Le {mosaic} a {whole} fois la surface d’une image : il est recadré à {area} fois, autour de la référence. {remedy}</translation>
    </message>
    <message>
        <source>The mosaic is typically {depth} frames deep; thin panels are kept: {kept}.</source>
        <translation>La mosaïque a en général {depth} images de profondeur ; les panneaux minces sont gardés : {kept}.</translation>
    </message>
    <message>
        <source>Single frames beside the mosaic, where nothing can be rejected, do not enlarge the canvas: {alone}. canvas.crop: none keeps them.</source>
        <translation>Des images seules à côté de la mosaïque, où rien ne peut être rejeté, n’agrandissent pas la surface : {alone}. canvas.crop: none les garde.</translation>
    </message>
    <message>
        <source>The products of the {mosaic} take {products} GiB on the disk; {free} GiB are free at {outputs}. Free some, decrease registration.max_mosaic_growth, or set debayer.stage to superpixel.</source>
        <translation>Les produits du {mosaic} prennent {products} Gio de disque ; {free} Gio sont libres dans {outputs}. Libérez-en, réduisez registration.max_mosaic_growth, ou mettez debayer.stage à superpixel.</translation>
    </message>
    <message>
        <source>{depth} frames with {depth2} times the noise ({text})</source>
        <translation>{depth} images avec {depth2} fois le bruit ({text})</translation>
    </message>
    <message>
        <source>the frames already have three colours</source>
        <translation>les images ont déjà trois couleurs</translation>
    </message>
    <message>
        <source>mono frames</source>
        <translation>images mono</translation>
    </message>
    <message>
        <source>whole-pixel shifts leave the pixels of the mosaic as they are</source>
        <translation>les décalages de pixels entiers laissent les pixels de la mosaïque tels quels</translation>
    </message>
    <message>
        <source>the lights of the mosaic were solved with astrometry.solver {solver}, not {wanted}</source>
        <translation>les lights de la mosaïque ont été résolus avec astrometry.solver {solver}, pas {wanted}</translation>
    </message>
    <message>
        <source>See artifacts/registration.json. Add frames, or use --set input.allow_emergency_mode=true.</source>
        <translation>Voir artifacts/registration.json. Ajoutez des images, ou utilisez --set input.allow_emergency_mode=true.</translation>
    </message>
    <message>
        <source>engine.siril.output: frames needs lights of one size; the nights have several.</source>
        <translation>engine.siril.output: frames a besoin de lights d’une même taille ; les nuits en ont plusieurs.</translation>
    </message>
    <message>
        <source>{readable} of {readable2} master tiles share too few stars with the others: all are placed by the WCS in their headers.</source>
        <translation>{readable} des {readable2} tuiles master partagent trop peu d’étoiles avec les autres : toutes sont placées par le WCS de leurs en-têtes.</translation>
    </message>
    <message>
        <source>registration.transform: integer cannot be combined with engine.siril.output: frames.</source>
        <translation>registration.transform: integer ne peut pas être combiné avec engine.siril.output: frames.</translation>
    </message>
    <message>
        <source>registration.transforms cannot be combined with engine.siril.output: frames.</source>
        <translation>registration.transforms ne peut pas être combiné avec engine.siril.output: frames.</translation>
    </message>
    <message>
        <source>Only {usable} of {count} lights could be registered, {min_frames} are needed ({reasons}).</source>
        <translation>Seuls {usable} des {count} lights ont pu être alignés, il en faut {min_frames} ({reasons}).</translation>
    </message>
    <message>
        <source>The reference {reference} ({exposure} s) clips light that shorter exposures record; in its scale the stack clips it, too. Use --set registration.reference={info}, or --set engine.siril.output=transforms.</source>
        <translation>La référence {reference} ({exposure} s) écrête de la lumière que des poses plus courtes enregistrent ; à son échelle, l’empilement l’écrête aussi. Utilisez --set registration.reference={info}, ou --set engine.siril.output=transforms.</translation>
    </message>
    <message>
        <source>The reference {name} has {clearer} % of the light of the clearest frames, and the fluxes of the stack are in its scale. Use --set registration.reference={info}.</source>
        <translation>La référence {name} a {clearer} % de la lumière des images les plus claires, et les flux de l’empilement sont à son échelle. Utilisez --set registration.reference={info}.</translation>
    </message>
    <message>
        <source>The lights are panels of a mosaic: {count} of {count2} are registered on the sky by the native engine.</source>
        <translation>Les lights sont des panneaux d’une mosaïque : {count} sur {count2} sont alignés sur le ciel par le moteur natif.</translation>
    </message>
    <message>
        <source>Frames are shifted by whole pixels: stars are misplaced by {errors} px (median), {errors2} px at most.</source>
        <translation>Les images sont décalées de pixels entiers : les étoiles sont déplacées de {errors} px (médiane), {errors2} px au plus.</translation>
    </message>
    <message>
        <source>Remove it from the session.</source>
        <translation>Retirez-le de la session.</translation>
    </message>
    <message>
        <source>{info} is left out: {reason}</source>
        <translation>{info} est laissé de côté : {reason}</translation>
    </message>
    <message>
        <source>Emergency mode: only {usable} frames could be used.</source>
        <translation>Mode d’urgence : seules {usable} images ont pu être utilisées.</translation>
    </message>
    <message>
        <source>{info} could not be measured: {item}</source>
        <translation>{info} n’a pas pu être mesuré : {item}</translation>
    </message>
    <message>
        <source>Not used: {reason}</source>
        <translation>Non utilisé : {reason}</translation>
    </message>
    <message>
        <source>Not used: {shown}: {reason}</source>
        <translation>Non utilisé : {shown} : {reason}</translation>
    </message>
    <message>
        <source>{holes} pixels of the drizzled image have no sample of a colour and were filled from their neighbours. Use more frames, a larger reconstruction.pixfrac or a smaller scale.</source>
        <translation>{holes} pixels de l’image drizzle n’ont pas d’échantillon d’une couleur et ont été remplis par leurs voisins. Utilisez plus d’images, un reconstruction.pixfrac plus grand ou une échelle plus petite.</translation>
    </message>
    <message>
        <source>--set selection.keep_fraction={keep_fraction} (the worst frames are left out)</source>
        <translation>--set selection.keep_fraction={keep_fraction} (les plus mauvaises images sont écartées)</translation>
    </message>
    <message>
        <source>{reason}: try {remedy}</source>
        <translation>{reason} : essayez {remedy}</translation>
    </message>
    <message>
        <source>--set reconstruction.target_fwhm with a larger value</source>
        <translation>--set reconstruction.target_fwhm avec une valeur plus grande</translation>
    </message>
    <message>
        <source>{reason}, the limit is {limit}</source>
        <translation>{reason}, la limite est {limit}</translation>
    </message>
    <message>
        <source>{reason}, the minimum is {limit}</source>
        <translation>{reason}, le minimum est {limit}</translation>
    </message>
    <message>
        <source>FWHM {fwhm} px is {growth} times that of the plain mean</source>
        <translation>FWHM {fwhm} px est {growth} fois celle de la moyenne simple</translation>
    </message>
    <message>
        <source>{remedy}, and check artifacts/registration.json for badly registered frames</source>
        <translation>{remedy}, et cherchez dans artifacts/registration.json des images mal alignées</translation>
    </message>
    <message>
        <source>the noise is {noise_growth} times that of the plain mean</source>
        <translation>le bruit est {noise_growth} fois celui de la moyenne simple</translation>
    </message>
    <message>
        <source>seam score {seam}: borders of tiles are visible in the sky</source>
        <translation>indice de couture {seam} : des bords de tuiles sont visibles dans le ciel</translation>
    </message>
    <message>
        <source>star fluxes scatter by {scatter} mag relative to the plain mean</source>
        <translation>les flux des étoiles se dispersent de {scatter} mag par rapport à la moyenne simple</translation>
    </message>
    <message>
        <source>star fluxes change over the field by {drift} mag relative to the plain mean</source>
        <translation>les flux des étoiles varient de {drift} mag sur le champ par rapport à la moyenne simple</translation>
    </message>
    <message>
        <source>the weights keep {point} of the information on stars</source>
        <translation>les poids gardent {point} de l’information sur les étoiles</translation>
    </message>
    <message>
        <source>the weights keep {extended} of the information on extended light</source>
        <translation>les poids gardent {extended} de l’information sur la lumière étendue</translation>
    </message>
    <message>
        <source>a few frames dominate: in the median tile they count as {effective} of {frames}, {share} of those that cover it</source>
        <translation>quelques images dominent : dans la tuile médiane elles comptent comme {effective} sur {frames}, {share} de celles qui la couvrent</translation>
    </message>
    <message>
        <source>Validation: {reason}</source>
        <translation>Validation : {reason}</translation>
    </message>
    <message>
        <source>stars may be rejected</source>
        <translation>des étoiles peuvent être rejetées</translation>
    </message>
    <message>
        <source>Resume with the newer version of orchestrate that began the run.</source>
        <translation>Reprenez avec la version plus récente d’orchestrate qui a commencé l’exécution.</translation>
    </message>
    <message>
        <source>Run the session again with `orchestrate run`.</source>
        <translation>Relancez la session avec `orchestrate run`.</translation>
    </message>
    <message>
        <source>The checkpoint of {phase} has the format {schema}; this program reads {schema2}.</source>
        <translation>Le point de reprise de {phase} a le format {schema} ; ce programme lit {schema2}.</translation>
    </message>
    <message>
        <source>The checkpoint of {phase} was made by an earlier version of orchestrate (format {schema}, this program reads {schema2}).</source>
        <translation>Le point de reprise de {phase} vient d’une version antérieure d’orchestrate (format {schema}, ce programme lit {schema2}).</translation>
    </message>
    <message>
        <source>{before} of {size} tiles</source>
        <translation>{before} tuiles sur {size}</translation>
    </message>
    <message>
        <source>Give X0,Y0,X1,Y1 with X0 &lt; X1 and Y0 &lt; Y1.</source>
        <translation>Donnez X0,Y0,X1,Y1 avec X0 &lt; X1 et Y0 &lt; Y1.</translation>
    </message>
    <message>
        <source>all of the canvas, since reconstruction.method is {method}</source>
        <translation>toute la surface, car reconstruction.method est {method}</translation>
    </message>
    <message>
        <source>The box {box} has no area.</source>
        <translation>Le rectangle {box} n’a pas de surface.</translation>
    </message>
    <message>
        <source>Remove it from the list.</source>
        <translation>Retirez-le de la liste.</translation>
    </message>
    <message>
        <source>Finish the run first: `orchestrate resume`.</source>
        <translation>Terminez d’abord l’exécution : `orchestrate resume`.</translation>
    </message>
    <message>
        <source>{entry} is not excluded.</source>
        <translation>{entry} n’est pas exclu.</translation>
    </message>
    <message>
        <source>Excluded by hand: {known}.</source>
        <translation>Exclus à la main : {known}.</translation>
    </message>
    <message>
        <source>{frame} is not in the stack: {reason}.</source>
        <translation>{frame} n’est pas dans l’empilement : {reason}.</translation>
    </message>
    <message>
        <source>all of the canvas, since its arrays were removed</source>
        <translation>toute la surface, car ses tableaux ont été supprimés</translation>
    </message>
    <message>
        <source>all of the canvas, since a frame is excluded or included everywhere</source>
        <translation>toute la surface, car une image est exclue ou incluse partout</translation>
    </message>
    <message>
        <source>{kind} in the session: {names}{more}</source>
        <translation>{kind} dans la session : {names}{more}</translation>
    </message>
    <message>
        <source>{key}: the file has changed</source>
        <translation>{key} : le fichier a changé</translation>
    </message>
    <message>
        <source>{directory} was made of {count} folders, {count2} are given.</source>
        <translation>{directory} a été fait de {count} dossiers, {count2} sont donnés.</translation>
    </message>
    <message>
        <source>Give the folder with the same frames, or stack these with `orchestrate run`.</source>
        <translation>Donnez le dossier avec les mêmes images, ou empilez celles-ci avec `orchestrate run`.</translation>
    </message>
    <message>
        <source>Give the folder with all frames of the run, or stack it with `orchestrate run`.</source>
        <translation>Donnez le dossier avec toutes les images de l’exécution, ou empilez-le avec `orchestrate run`.</translation>
    </message>
    <message>
        <source>{path} is not the file that was {old}.</source>
        <translation>{path} n’est pas le fichier qui était {old}.</translation>
    </message>
    <message>
        <source>{path}, which was {old}, cannot be read: {strerror}.</source>
        <translation>{path}, autrefois {old}, ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>The session folder {missing} of {directory} does not exist; {readers} reads it ({repeated}).</source>
        <translation>Le dossier de session {missing} de {directory} n’existe pas ; {readers} le lit ({repeated}).</translation>
    </message>
    <message>
        <source>Restore it, or give its new location: `orchestrate resume {directory} --session FOLDER`.</source>
        <translation>Restaurez-le, ou donnez son nouvel emplacement : `orchestrate resume {directory} --session DOSSIER`.</translation>
    </message>
    <message>
        <source>the calibrated frames in {run} are missing, {user} reads them</source>
        <translation>les images calibrées dans {run} manquent, {user} les lit</translation>
    </message>
    <message>
        <source>--from-phase {from_phase} is not a phase.</source>
        <translation>--from-phase {from_phase} n’est pas une phase.</translation>
    </message>
    <message>
        <source>--from-phase {from_phase}: {early} comes before it and has to be repeated ({repeated}).</source>
        <translation>--from-phase {from_phase} : {early} vient avant et doit être refait ({repeated}).</translation>
    </message>
    <message>
        <source>Use --from-phase {early}, or leave --from-phase out.</source>
        <translation>Utilisez --from-phase {early}, ou omettez --from-phase.</translation>
    </message>
    <message>
        <source>{chain} writes {path} again</source>
        <translation>{chain} réécrit {path}</translation>
    </message>
    <message>
        <source>{path} is missing or was changed</source>
        <translation>{path} manque ou a été modifié</translation>
    </message>
    <message>
        <source>it uses {follows}</source>
        <translation>il utilise {follows}</translation>
    </message>
    <message>
        <source>its arrays were removed, {phase} needs them</source>
        <translation>ses tableaux ont été supprimés, {phase} en a besoin</translation>
    </message>
    <message>
        <source>Check that the disk is not full and that the folder can be written.</source>
        <translation>Vérifiez que le disque n’est pas plein et que le dossier est accessible en écriture.</translation>
    </message>
    <message>
        <source>No session was given.</source>
        <translation>Aucune session n’est donnée.</translation>
    </message>
    <message>
        <source>Name the folder with the frames.</source>
        <translation>Indiquez le dossier des images.</translation>
    </message>
    <message>
        <source>runtime.device: {reason}; the CPU is used.</source>
        <translation>runtime.device : {reason} ; le processeur est utilisé.</translation>
    </message>
    <message>
        <source>Session cache: {count} entries were damaged and are made again, such as {damaged}. Check the disk.</source>
        <translation>Cache de session : {count} entrées étaient endommagées et sont refaites, par exemple {damaged}. Vérifiez le disque.</translation>
    </message>
    <message>
        <source>{given} has no {file}</source>
        <translation>{given} n’a pas de {file}</translation>
    </message>
    <message>
        <source>{given} does not exist</source>
        <translation>{given} n’existe pas</translation>
    </message>
    <message>
        <source>Give the directory of a finished run, or its {file}.</source>
        <translation>Donnez le dossier d’une exécution terminée, ou son {file}.</translation>
    </message>
    <message>
        <source>Internal error in {phase}: {caught}.</source>
        <translation>Erreur interne dans {phase} : {caught}.</translation>
    </message>
    <message>
        <source>Please report it with {logs}.</source>
        <translation>Merci de la signaler avec {logs}.</translation>
    </message>
    <message>
        <source>The report could not be written: {error}</source>
        <translation>Le rapport n’a pas pu être écrit : {error}</translation>
    </message>
    <message>
        <source>{count} files of the run were missing or changed and are restored: {restored}{count2}.</source>
        <translation>{count} fichiers de l’exécution manquaient ou étaient modifiés et sont restaurés : {restored}{count2}.</translation>
    </message>
    <message>
        <source>Give the folder or the file of the project.</source>
        <translation>Donnez le dossier ou le fichier du projet.</translation>
    </message>
    <message>
        <source>Open it with a newer version of orchestrate.</source>
        <translation>Ouvrez-le avec une version plus récente d’orchestrate.</translation>
    </message>
    <message>
        <source>{given} is not a project: {project_file} is missing.</source>
        <translation>{given} n’est pas un projet : {project_file} manque.</translation>
    </message>
    <message>
        <source>Create one: orchestrate project new {given}</source>
        <translation>Créez-en un : orchestrate project new {given}</translation>
    </message>
    <message>
        <source>The project {given} does not exist.</source>
        <translation>Le projet {given} n’existe pas.</translation>
    </message>
    <message>
        <source>Check its permissions.</source>
        <translation>Vérifiez ses droits.</translation>
    </message>
    <message>
        <source>Save it as UTF-8.</source>
        <translation>Enregistrez-le en UTF-8.</translation>
    </message>
    <message>
        <source>{file}: version is {version}.</source>
        <translation>{file} : version est {version}.</translation>
    </message>
    <message>
        <source>This program writes version {version}.</source>
        <translation>Ce programme écrit la version {version}.</translation>
    </message>
    <message>
        <source>{file} is a project of version {version}; this program supports version {version2} and older.</source>
        <translation>{file} est un projet de version {version} ; ce programme lit la version {version2} et les plus anciennes.</translation>
    </message>
    <message>
        <source>The project folder must be writable; its nights need not be. Create the project elsewhere and add the nights: orchestrate project add PROJECT FOLDER.</source>
        <translation>Le dossier du projet doit être accessible en écriture, ses nuits non. Créez le projet ailleurs et ajoutez les nuits : orchestrate project add PROJET DOSSIER.</translation>
    </message>
    <message>
        <source>{folder} is already a project.</source>
        <translation>{folder} est déjà un projet.</translation>
    </message>
    <message>
        <source>Show it: orchestrate project show {folder}</source>
        <translation>Affichez-le : orchestrate project show {folder}</translation>
    </message>
    <message>
        <source>Choose another location.</source>
        <translation>Choisissez un autre emplacement.</translation>
    </message>
    <message>
        <source>Create the project in the folder above it, or create an empty one elsewhere and add this night.</source>
        <translation>Créez le projet dans le dossier au-dessus, ou un projet vide ailleurs, et ajoutez cette nuit.</translation>
    </message>
    <message>
        <source>Give the folder of a night, which contains lights/.</source>
        <translation>Donnez le dossier d’une nuit, qui contient lights/.</translation>
    </message>
    <message>
        <source>There is nothing to do.</source>
        <translation>Il n’y a rien à faire.</translation>
    </message>
    <message>
        <source>Choose another --name.</source>
        <translation>Choisissez un autre --name.</translation>
    </message>
    <message>
        <source>{file} cannot be read: {strerror}.</source>
        <translation>{file} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>{file} is not UTF-8 text (byte {start}).</source>
        <translation>{file} n’est pas un texte UTF-8 (octet {start}).</translation>
    </message>
    <message>
        <source>{target} cannot be written: {strerror}.</source>
        <translation>{target} ne peut pas être écrit : {strerror}.</translation>
    </message>
    <message>
        <source>{folder} cannot be created: {strerror}.</source>
        <translation>{folder} ne peut pas être créé : {strerror}.</translation>
    </message>
    <message>
        <source>{folder} is a night itself: it contains a folder of lights.</source>
        <translation>{folder} est lui-même une nuit : il contient un dossier de lights.</translation>
    </message>
    <message>
        <source>{folder} is already in the project, as night {same}.</source>
        <translation>{folder} est déjà dans le projet, comme nuit {same}.</translation>
    </message>
    <message>
        <source>There is already a night named {name}.</source>
        <translation>Il y a déjà une nuit nommée {name}.</translation>
    </message>
    <message>
        <source>The folder {folder} does not exist.</source>
        <translation>Le dossier {folder} n’existe pas.</translation>
    </message>
    <message>
        <source>{folder} is not a folder.</source>
        <translation>{folder} n’est pas un dossier.</translation>
    </message>
    <message>
        <source>Give the project file written by the other tool.</source>
        <translation>Donnez le fichier de projet écrit par l’autre outil.</translation>
    </message>
    <message>
        <source>Create a new project: orchestrate project new FOLDER.</source>
        <translation>Créez un nouveau projet : orchestrate project new DOSSIER.</translation>
    </message>
    <message>
        <source>Add &quot;path&quot; to it.</source>
        <translation>Ajoutez-y &quot;path&quot;.</translation>
    </message>
    <message>
        <source>{file} is not a project: its JSON is a {name}, not an object.</source>
        <translation>{file} n’est pas un projet : son JSON est {name}, pas un objet.</translation>
    </message>
    <message>
        <source>{file} contains no nights (expected one of: {nights}).</source>
        <translation>{file} ne contient pas de nuits (attendu : l’un de {nights}).</translation>
    </message>
    <message>
        <source>{file}: the night {entry} is neither a folder nor an object.</source>
        <translation>{file} : la nuit {entry} n’est ni un dossier ni un objet.</translation>
    </message>
    <message>
        <source>{file}: the night {name} has no folder (expected one of: {value}).</source>
        <translation>{file} : la nuit {name} n’a pas de dossier (attendu : l’un de {value}).</translation>
    </message>
    <message>
        <source>{file} is not JSON: {error}.</source>
        <translation>{file} n’est pas du JSON : {error}.</translation>
    </message>
    <message>
        <source>Keep one of them; all spellings of a filter are stacked together.</source>
        <translation>Gardez-en un ; toutes les graphies d’un filtre sont empilées ensemble.</translation>
    </message>
    <message>
        <source>The headers contain no filter names.</source>
        <translation>Les en-têtes ne contiennent pas de noms de filtres.</translation>
    </message>
    <message>
        <source>channels: {channel} and {other} are the same filter ({wanted}, {channels}).</source>
        <translation>channels : {channel} et {other} sont le même filtre ({wanted}, {channels}).</translation>
    </message>
    <message>
        <source>channels: no light has the filter {wanted} of {channel}.</source>
        <translation>channels : aucun light n’a le filtre {wanted} de {channel}.</translation>
    </message>
    <message>
        <source>final: the name {file} is invalid ({error}).</source>
        <translation>final : le nom {file} n’est pas valable ({error}).</translation>
    </message>
    <message>
        <source>It may contain {value}.</source>
        <translation>Il peut contenir {value}.</translation>
    </message>
    <message>
        <source> ({count} more: orchestrate project validate)</source>
        <translation> ({count} autres : orchestrate project validate)</translation>
    </message>
    <message>
        <source>The project {project} has no runs in {runs}.</source>
        <translation>Le projet {project} n’a pas d’exécutions dans {runs}.</translation>
    </message>
    <message>
        <source>Start one: orchestrate project run {root}</source>
        <translation>Lancez-en une : orchestrate project run {root}</translation>
    </message>
    <message>
        <source>The run itself is complete; its files are in its run directory.</source>
        <translation>L’exécution elle-même est complète ; ses fichiers sont dans son dossier.</translation>
    </message>
    <message>
        <source>Add nights: orchestrate project add PROJECT FOLDER...</source>
        <translation>Ajoutez des nuits : orchestrate project add PROJET DOSSIER...</translation>
    </message>
    <message>
        <source>{project}: there is no night in use.</source>
        <translation>{project} : aucune nuit n’est utilisée.</translation>
    </message>
    <message>
        <source>The master library is {path}.</source>
        <translation>La bibliothèque de masters est {path}.</translation>
    </message>
    <message>
        <source>{remedy} Or exclude the night with use: false.</source>
        <translation>{remedy} Ou excluez la nuit avec use: false.</translation>
    </message>
    <message>
        <source>{path} is on read-only storage: that is fine, frames are never written to.</source>
        <translation>{path} est sur un support en lecture seule : cela convient, rien n’est jamais écrit dans les images.</translation>
    </message>
    <message>
        <source>The nights have {count} lights in total, {needed} are needed.</source>
        <translation>Les nuits ont {count} lights en tout, il en faut {needed}.</translation>
    </message>
    <message>
        <source>Add frames, or set input.allow_emergency_mode.</source>
        <translation>Ajoutez des images, ou activez input.allow_emergency_mode.</translation>
    </message>
    <message>
        <source>No night is in use.</source>
        <translation>Aucune nuit n’est utilisée.</translation>
    </message>
    <message>
        <source>Set use: true for at least one.</source>
        <translation>Mettez use: true pour au moins une nuit.</translation>
    </message>
    <message>
        <source>It points {apart} degrees away from {other}: frames that do not overlap the reference are left out.</source>
        <translation>Elle pointe à {apart} degrés de {other} : les images qui ne recouvrent pas la référence sont laissées de côté.</translation>
    </message>
    <message>
        <source>Create a separate project for another object.</source>
        <translation>Créez un projet séparé pour un autre objet.</translation>
    </message>
    <message>
        <source>Session cache: %s is damaged and was deleted</source>
        <translation>Cache de session : %s est endommagé et a été supprimé</translation>
    </message>
    <message>
        <source>Set runtime.executor to dask.</source>
        <translation>Mettez runtime.executor à dask.</translation>
    </message>
    <message>
        <source>Start some: dask worker ADDRESS.</source>
        <translation>Lancez-en : dask worker ADRESSE.</translation>
    </message>
    <message>
        <source>The local Dask cluster has no TLS: other users of this computer can connect to it. To encrypt its connections: %s</source>
        <translation>Le cluster Dask local n’a pas de TLS : d’autres utilisateurs de cet ordinateur peuvent s’y connecter. Pour chiffrer ses connexions : %s</translation>
    </message>
    <message>
        <source>runtime.scheduler is given, runtime.executor is {name}.</source>
        <translation>runtime.scheduler est donné, runtime.executor est {name}.</translation>
    </message>
    <message>
        <source>runtime.executor: dask needs the package distributed.</source>
        <translation>runtime.executor: dask a besoin du paquet distributed.</translation>
    </message>
    <message>
        <source>Start one (dask scheduler), or leave the setting out.</source>
        <translation>Lancez-en un (dask scheduler), ou omettez ce réglage.</translation>
    </message>
    <message>
        <source>runtime.scheduler: {scheduler} has no workers.</source>
        <translation>runtime.scheduler : {scheduler} n’a pas de workers.</translation>
    </message>
    <message>
        <source>A worker process died (killed, or out of memory).</source>
        <translation>Un processus de travail est mort (tué, ou plus de mémoire).</translation>
    </message>
    <message>
        <source>Use --set runtime.executor=threads, or fewer workers.</source>
        <translation>Utilisez --set runtime.executor=threads, ou moins de workers.</translation>
    </message>
    <message>
        <source>runtime.scheduler: {scheduler} does not answer as a Dask scheduler.</source>
        <translation>runtime.scheduler : {scheduler} ne répond pas comme un ordonnanceur Dask.</translation>
    </message>
    <message>
        <source>Several Dask workers died over one unit of work.</source>
        <translation>Plusieurs workers Dask sont morts sur une même unité de travail.</translation>
    </message>
    <message>
        <source>Give the workers more memory, or set runtime.memory_budget lower.</source>
        <translation>Donnez plus de mémoire aux workers, ou baissez runtime.memory_budget.</translation>
    </message>
    <message>
        <source>Check the logs of its workers, or set runtime.executor to threads.</source>
        <translation>Vérifiez les journaux de ses workers, ou mettez runtime.executor à threads.</translation>
    </message>
    <message>
        <source>The Dask cluster lost the work {attempts} times.</source>
        <translation>Le cluster Dask a perdu le travail {attempts} fois.</translation>
    </message>
    <message>
        <source>Memory: the budget is {budget} MiB, the session needs at least {needed} MiB.</source>
        <translation>Mémoire : le budget est {budget} Mio, la session demande au moins {needed} Mio.</translation>
    </message>
    <message>
        <source>runtime.memory_budget is {budget} MiB; a session of frames of {columns} x {rows} pixels needs {needed} MiB ({program} MiB for the program, the rest for pictures in work). The run will exceed the budget: set it to at least {needed2} MiB.</source>
        <translation>runtime.memory_budget est {budget} Mio ; une session d’images de {columns} x {rows} pixels demande {needed} Mio ({program} Mio pour le programme, le reste pour les images en cours). L’exécution dépassera le budget : mettez-le à au moins {needed2} Mio.</translation>
    </message>
    <message>
        <source>Give a larger budget.</source>
        <translation>Donnez un budget plus grand.</translation>
    </message>
    <message>
        <source>runtime.memory_budget: {text} is below {min_budget} MiB.</source>
        <translation>runtime.memory_budget : {text} est inférieur à {min_budget} Mio.</translation>
    </message>
    <message>
        <source>Use a size such as &quot;4 GiB&quot;.</source>
        <translation>Utilisez une taille comme &quot;4 GiB&quot;.</translation>
    </message>
    <message>
        <source>{key}: {text} is not a size.</source>
        <translation>{key} : {text} n’est pas une taille.</translation>
    </message>
    <message>
        <source>Calibration of {lights} ({title}): {parts}.</source>
        <translation>Calibration de {lights} ({title}) : {parts}.</translation>
    </message>
    <message>
        <source>{text:C}, and nothing else removes the offset of the lights before they are divided by the flats.</source>
        <translation>{text:C}, et rien d’autre n’enlève l’offset des lights avant leur division par les flats.</translation>
    </message>
    <message>
        <source>Give darks or bias frames of {wanted}, or --set calibration.synthetic_bias=ADU. --set {example}=FOLDER uses these {role} nevertheless.</source>
        <translation>Donnez des darks ou des bias de {wanted}, ou --set calibration.synthetic_bias=ADU. --set {example}=DOSSIER utilise ces {role} malgré tout.</translation>
    </message>
    <message>
        <source>Give darks or bias frames {keep}, or stack these lights in a separate run.</source>
        <translation>Donnez des darks ou des bias {keep}, ou empilez ces lights dans une exécution séparée.</translation>
    </message>
    <message>
        <source> of {what}</source>
        <translation> de {what}</translation>
    </message>
    <message>
        <source>there are no darks and no bias frames{of} for it, as there are for the other lights</source>
        <translation>il n’a ni darks ni bias{of}, contrairement aux autres lights</translation>
    </message>
    <message>
        <source>there are darks or bias frames{of} for it, but none for most of the lights</source>
        <translation>il a des darks ou des bias{of}, mais pas la plupart des lights</translation>
    </message>
    <message>
        <source>flats of {time}</source>
        <translation>flats du {time}</translation>
    </message>
    <message>
        <source>dark current x {dark_ratio}</source>
        <translation>courant d’obscurité x {dark_ratio}</translation>
    </message>
    <message>
        <source>master {role} {name}</source>
        <translation>master {name} ({role})</translation>
    </message>
    <message>
        <source>no {one} and no {other}</source>
        <translation>pas de {one} ni de {other}</translation>
    </message>
    <message>
        <source>no {one}</source>
        <translation>pas de {one}</translation>
    </message>
    <message>
        <source>of these settings</source>
        <translation>de ces réglages</translation>
    </message>
    <message>
        <source>for the others</source>
        <translation>pour les autres</translation>
    </message>
    <message>
        <source>{name} for the flats</source>
        <translation>{name} pour les flats</translation>
    </message>
    <message>
        <source>Lights of {title}: {text}</source>
        <translation>Lights de {title} : {text}</translation>
    </message>
    <message>
        <source>the {role} have {trait} {other}, the lights {wanted} ({other2})</source>
        <translation>les {role} ont {trait} {other}, les lights {wanted} ({other2})</translation>
    </message>
    <message>
        <source>the {trait} of this {role} is {value}, {better} matches the lights better</source>
        <translation>{trait} de ce {role} est {value}, {better} convient mieux aux lights</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>inconnu</translation>
    </message>
    <message>
        <source> of gain {gain}</source>
        <translation> de gain {gain}</translation>
    </message>
    <message>
        <source>The number of flats is only {count}: their noise enters every frame.</source>
        <translation>Il n’y a que {count} flats : leur bruit entre dans chaque image.</translation>
    </message>
    <message>
        <source>The {role} are of the camera {camera}, the lights of {camera2} ({frames}).</source>
        <translation>Les {role} sont de la caméra {camera}, les lights de {camera2} ({frames}).</translation>
    </message>
    <message>
        <source>this {role} is of the camera {camera}, the lights of {camera2}</source>
        <translation>ce {role} est de la caméra {camera}, les lights de {camera2}</translation>
    </message>
    <message>
        <source>The flats were taken with the rotator at {rotation} deg, the lights at {rotation2} deg ({nearest}): vignetting and dust do not match.</source>
        <translation>Les flats ont été pris avec le rotateur à {rotation} degrés, les lights à {rotation2} degrés ({nearest}) : vignettage et poussières ne correspondent pas.</translation>
    </message>
    <message>
        <source>this flat was taken with the rotator at {rotation} deg, the lights at {rotation2} deg</source>
        <translation>ce flat a été pris avec le rotateur à {rotation} degrés, les lights à {rotation2} degrés</translation>
    </message>
    <message>
        <source>The dark-flats have {darkflats}, the flats {flats} ({darkflats2}): they are not used. Give dark-flats of the gain and offset of the flats.</source>
        <translation>Les dark-flats ont {darkflats}, les flats {flats} ({darkflats2}) : ils ne sont pas utilisés. Donnez des dark-flats du gain et de l’offset des flats.</translation>
    </message>
    <message>
        <source>The {role} have several values of {trait} ({values}), and the headers of the lights contain none: those of {trait} {wanted} are used. Move the others to another folder if these do not match.</source>
        <translation>Les {role} ont plusieurs valeurs de {trait} ({values}), et les en-têtes des lights n’en contiennent pas : ceux de {trait} {wanted} sont utilisés. Déplacez les autres dans un autre dossier si ceux-ci ne conviennent pas.</translation>
    </message>
    <message>
        <source>{text:C}; they are used because the settings name them.</source>
        <translation>{text:C} ; ils sont utilisés parce que les réglages les nomment.</translation>
    </message>
    <message>
        <source>this {role} has {trait} {value}, the lights {wanted}</source>
        <translation>ce {role} a {trait} {value}, les lights {wanted}</translation>
    </message>
    <message>
        <source>Give {role} of {trait} {wanted}.</source>
        <translation>Donnez des {role} de {trait} {wanted}.</translation>
    </message>
    <message>
        <source>The darks were taken at {temperature} C ({dark}), {lights} at {temperature2} C; more than {tolerance} C apart. Take darks at {temperature2} C.</source>
        <translation>Les darks ont été pris à {temperature} °C ({dark}), {lights} à {temperature2} °C ; plus de {tolerance} °C d’écart. Prenez des darks à {temperature2} °C.</translation>
    </message>
    <message>
        <source>it looks like a master, and there are raw {role} frames</source>
        <translation>il ressemble à un master, et il y a des images brutes ({role})</translation>
    </message>
    <message>
        <source>To use it: --set calibration.{role}_master=FILE.</source>
        <translation>Pour l’utiliser : --set calibration.{role}_master=FICHIER.</translation>
    </message>
    <message>
        <source>{origin} has {role} that match better</source>
        <translation>{origin} a des {role} qui conviennent mieux</translation>
    </message>
    <message>
        <source>The master {role} {given} has {trait} {one}, the lights {other}; it is used because the settings name it.</source>
        <translation>Le master {given} ({role}) a {trait} {one}, les lights {other} ; il est utilisé parce que les réglages le nomment.</translation>
    </message>
    <message>
        <source>None of the {count} flats is for the filter {filter}: vignetting and dust stay.</source>
        <translation>Aucun des {count} flats n’est pour le filtre {filter} : vignettage et poussières restent.</translation>
    </message>
    <message>
        <source>The dark-flats are {exposure} s, the flats {exposure2} s ({other}): the dark current of the flats is not fully removed. Take dark-flats of {exposure2} s.</source>
        <translation>Les dark-flats ont {exposure} s, les flats {exposure2} s ({other}) : le courant d’obscurité des flats n’est pas entièrement retiré. Prenez des dark-flats de {exposure2} s.</translation>
    </message>
    <message>
        <source>{text:C}: they are not used.</source>
        <translation>{text:C} : ils ne sont pas utilisés.</translation>
    </message>
    <message>
        <source>this {role} is {info}, the lights are {light}</source>
        <translation>ce {role} est {info}, les lights sont {light}</translation>
    </message>
    <message>
        <source>Give {role} of the same camera, binning and area.</source>
        <translation>Donnez des {role} de la même caméra, du même binning et de la même zone.</translation>
    </message>
    <message>
        <source>this flat is for the filter {filter}, the lights are {filter2}</source>
        <translation>ce flat est pour le filtre {filter}, les lights sont {filter2}</translation>
    </message>
    <message>
        <source>this dark-flat has {info}, the flats have {flats}</source>
        <translation>ce dark-flat a {info}, les flats ont {flats}</translation>
    </message>
    <message>
        <source>The darks are {exposure} s, the lights {exposure2} s: the dark current is scaled by {dark_ratio}.</source>
        <translation>Les darks ont {exposure} s, les lights {exposure2} s : le courant d’obscurité est multiplié par {dark_ratio}.</translation>
    </message>
    <message>
        <source>too much dark current is subtracted</source>
        <translation>trop de courant d’obscurité est soustrait</translation>
    </message>
    <message>
        <source>some dark current remains</source>
        <translation>il reste du courant d’obscurité</translation>
    </message>
    <message>
        <source>The darks are {exposure} s, the lights {exposure2} s ({dark}, {lights}): {left}. Take darks of {exposure2} s, or bias frames{lights2}, with which the dark current is scaled.</source>
        <translation>Les darks ont {exposure} s, les lights {exposure2} s ({dark}, {lights}) : {left}. Prenez des darks de {exposure2} s, ou des bias{lights2}, avec lesquels le courant d’obscurité est mis à l’échelle.</translation>
    </message>
    <message>
        <source>no known exposure and gain</source>
        <translation>pose et gain inconnus</translation>
    </message>
    <message>
        <source>The pixels of {count} of {count2} {role} frames do not match the DATASUM in their header: {names}. They are used. They are damaged, or a program changed them without the card: compare them with another copy.</source>
        <translation>Les pixels de {count} des {count2} images ({role}) ne correspondent pas au DATASUM de leur en-tête : {names}. Elles sont utilisées. Elles sont endommagées, ou un programme les a modifiées sans cette carte : comparez-les à une autre copie.</translation>
    </message>
    <message>
        <source>its pixels do not match the checksum in its header (DATASUM), those of the other frames do: it is damaged</source>
        <translation>ses pixels ne correspondent pas à la somme de contrôle de son en-tête (DATASUM), ceux des autres images oui : il est endommagé</translation>
    </message>
    <message>
        <source>Use the form of the packaged devices.yaml.</source>
        <translation>Utilisez la forme du devices.yaml fourni.</translation>
    </message>
    <message>
        <source>Missing in the headers, taken from the facts of the {name}: {facts}.</source>
        <translation>Absent des en-têtes, pris des données de {name} : {facts}.</translation>
    </message>
    <message>
        <source>{why} Only the packaged devices are known in this run. Correct the file.</source>
        <translation>{why} Seuls les appareils fournis sont connus dans cette exécution. Corrigez le fichier.</translation>
    </message>
    <message>
        <source>{where} has no list &apos;devices:&apos;.</source>
        <translation>{where} n’a pas de liste &apos;devices:&apos;.</translation>
    </message>
    <message>
        <source>Bayer pattern {pattern}</source>
        <translation>motif de Bayer {pattern}</translation>
    </message>
    <message>
        <source>pixels of {pixel_size} um</source>
        <translation>pixels de {pixel_size} µm</translation>
    </message>
    <message>
        <source>focal length {focal_length} mm</source>
        <translation>focale {focal_length} mm</translation>
    </message>
    <message>
        <source>{where} cannot be read: {strerror}.</source>
        <translation>{where} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>{where} is not YAML: {error}.</source>
        <translation>{where} n’est pas du YAML : {error}.</translation>
    </message>
    <message>
        <source>Correct the entry.</source>
        <translation>Corrigez l’entrée.</translation>
    </message>
    <message>
        <source>{where}: device {name}, {path}: {msg}.</source>
        <translation>{where} : appareil {name}, {path} : {msg}.</translation>
    </message>
    <message>
        <source>Put the frames into a folder named lights, or name the right folder.</source>
        <translation>Mettez les images dans un dossier nommé lights, ou indiquez le bon dossier.</translation>
    </message>
    <message>
        <source>Give the raw frames as the camera wrote them.</source>
        <translation>Donnez les images brutes telles que la caméra les a écrites.</translation>
    </message>
    <message>
        <source>{count} usable light</source>
        <translation>{count} light utilisable</translation>
    </message>
    <message>
        <source>{count} usable lights</source>
        <translation>{count} lights utilisables</translation>
    </message>
    <message>
        <source>Add frames, or use --set input.allow_emergency_mode=true.</source>
        <translation>Ajoutez des images, ou utilisez --set input.allow_emergency_mode=true.</translation>
    </message>
    <message>
        <source>It contains sessions: name {panel}{count}.</source>
        <translation>Il contient des sessions : nommez {panel}{count}.</translation>
    </message>
    <message>
        <source>Free some space, or choose another place with --runs-dir.</source>
        <translation>Libérez de la place, ou choisissez un autre emplacement avec --runs-dir.</translation>
    </message>
    <message>
        <source>Choose another place with --runs-dir.</source>
        <translation>Choisissez un autre emplacement avec --runs-dir.</translation>
    </message>
    <message>
        <source>All lights under {roots} look stretched; stacking needs linear frames.</source>
        <translation>Tous les lights sous {roots} semblent étirés ; l’empilement a besoin d’images linéaires.</translation>
    </message>
    <message>
        <source>{folder} has {lights}, at least {needed} are needed.{why}</source>
        <translation>{folder} a {lights}, il en faut au moins {needed}.{why}</translation>
    </message>
    <message>
        <source>The filter {filter} is stacked; lights of other filters: {listing}.</source>
        <translation>Le filtre {filter} est empilé ; lights d’autres filtres : {listing}.</translation>
    </message>
    <message>
        <source>The headers of {count} {role} frames ({some} ...) call them lights; the role of their folder {parent} is used.</source>
        <translation>Les en-têtes de {count} images ({role}, {some} ...) les appellent lights ; c’est le rôle de leur dossier {parent} qui compte.</translation>
    </message>
    <message>
        <source>Correct the path, or leave the setting out.</source>
        <translation>Corrigez le chemin, ou omettez ce réglage.</translation>
    </message>
    <message>
        <source>Give the file of a master, or a folder of frames.</source>
        <translation>Donnez le fichier d’un master, ou un dossier d’images.</translation>
    </message>
    <message>
        <source>{count} files, none of them usable</source>
        <translation>{count} fichiers, aucun utilisable</translation>
    </message>
    <message>
        <source>no files of frames</source>
        <translation>aucun fichier d’image</translation>
    </message>
    <message>
        <source>No lights were found in {folders} (found: {counts}). {more}</source>
        <translation>Aucun light n’a été trouvé dans {folders} (trouvé : {counts}). {more}</translation>
    </message>
    <message>
        <source>No lights were found in {folders} (found: {counts}).</source>
        <translation>Aucun light n’a été trouvé dans {folders} (trouvé : {counts}).</translation>
    </message>
    <message>
        <source>{existing} has {free} MiB free, the products need {products} MiB.</source>
        <translation>{existing} a {free} Mio libres, les produits demandent {products} Mio.</translation>
    </message>
    <message>
        <source>{memory} MiB of memory are free, a picture of this size may need {products} MiB: close other programs.</source>
        <translation>{memory} Mio de mémoire sont libres, une image de cette taille peut en demander {products} : fermez d’autres programmes.</translation>
    </message>
    <message>
        <source>{existing} has {free} GiB free, the run may need {products} GiB.</source>
        <translation>{existing} a {free} Gio libres, l’exécution peut en demander {products}.</translation>
    </message>
    <message>
        <source>{existing} is not writable.</source>
        <translation>{existing} n’est pas accessible en écriture.</translation>
    </message>
    <message>
        <source>it was already found under another path</source>
        <translation>il a déjà été trouvé sous un autre chemin</translation>
    </message>
    <message>
        <source>it looks like a master, and the configuration names another master</source>
        <translation>il ressemble à un master, et la configuration en nomme un autre</translation>
    </message>
    <message>
        <source>it holds many frames</source>
        <translation>il contient beaucoup d’images</translation>
    </message>
    <message>
        <source>Stack it with `orchestrate run`, or `watch --finish`.</source>
        <translation>Empilez-le avec `orchestrate run`, ou `watch --finish`.</translation>
    </message>
    <message>
        <source>Remove it.</source>
        <translation>Retirez-le.</translation>
    </message>
    <message>
        <source>{key}: {path} does not exist.</source>
        <translation>{key} : {path} n’existe pas.</translation>
    </message>
    <message>
        <source>{key}: {path} cannot be used: {reason}.</source>
        <translation>{key} : {path} ne peut pas être utilisé : {reason}.</translation>
    </message>
    <message>
        <source>{key}: {path} has {infos} pixels, the lights have {lights}.</source>
        <translation>{key} : {path} a {infos} pixels, les lights en ont {lights}.</translation>
    </message>
    <message>
        <source>{count} {role} frames</source>
        <translation>{count} images ({role})</translation>
    </message>
    <message>
        <source>its size {shape} is not that of a picture</source>
        <translation>sa taille {shape} n’est pas celle d’une image</translation>
    </message>
    <message>
        <source>its header cannot be parsed: {error}</source>
        <translation>son en-tête ne peut pas être lu : {error}</translation>
    </message>
    <message>
        <source>its header calls it a {header}, its folder is for {folder} frames</source>
        <translation>son en-tête l’appelle {header}, son dossier est pour {folder}</translation>
    </message>
    <message>
        <source>Move it to the folder of {header} frames.</source>
        <translation>Déplacez-le dans le dossier des {header}.</translation>
    </message>
    <message>
        <source>Remove one of the two.</source>
        <translation>Retirez l’un des deux.</translation>
    </message>
    <message>
        <source>it is a copy of a light in {parent}</source>
        <translation>c’est une copie d’un light de {parent}</translation>
    </message>
    <message>
        <source>The exposure of {too_long} is {exposure} s, longer than any: it is taken as milliseconds.</source>
        <translation>La pose de {too_long} est {exposure} s, plus longue que toute autre : elle est prise en millisecondes.</translation>
    </message>
    <message>
        <source>The exposure of {same} is {exposure} s, that of the other lights {usual} s, at the same level of the sky: {usual} s is used.</source>
        <translation>La pose de {same} est {exposure} s, celle des autres lights {usual} s, au même niveau de ciel : {usual} s est retenu.</translation>
    </message>
    <message>
        <source>input.field: no field is named {wanted}.</source>
        <translation>input.field : aucun champ ne s’appelle {wanted}.</translation>
    </message>
    <message>
        <source>There are: {value}.</source>
        <translation>Il y a : {value}.</translation>
    </message>
    <message>
        <source> at RA {centre}, Dec {centre2} deg</source>
        <translation> à RA {centre}, Dec {centre2} degrés</translation>
    </message>
    <message>
        <source>The field {chosen} is stacked; lights of other fields: {listing}.</source>
        <translation>Le champ {chosen} est empilé ; lights d’autres champs : {listing}.</translation>
    </message>
    <message>
        <source>The lights show several objects; {chosen} is stacked, not {others}. Choose with --set input.field=NAME.</source>
        <translation>Les lights montrent plusieurs objets ; {chosen} est empilé, pas {others}. Choisissez avec --set input.field=NOM.</translation>
    </message>
    <message>
        <source>it shows {frame}, the session {chosen}</source>
        <translation>il montre {frame}, la session {chosen}</translation>
    </message>
    <message>
        <source>Stack it with --set &apos;input.field={frame}&apos;.</source>
        <translation>Empilez-le avec --set &apos;input.field={frame}&apos;.</translation>
    </message>
    <message>
        <source>The flats are of several sessions ({sessions} to {sessions2}) and the headers of the lights contain no time (DATE-OBS): the flats of {kept} are used. Move the flats of other sessions to another folder if these do not match.</source>
        <translation>Les flats sont de plusieurs sessions ({sessions} à {sessions2}) et les en-têtes des lights ne contiennent pas de date (DATE-OBS) : les flats du {kept} sont utilisés. Déplacez les flats des autres sessions dans un autre dossier si ceux-ci ne conviennent pas.</translation>
    </message>
    <message>
        <source>this flat was taken {value}; those of {kept} are nearest to the lights in time</source>
        <translation>ce flat a été pris {value} ; ceux du {kept} sont les plus proches des lights dans le temps</translation>
    </message>
    <message>
        <source>this flat was taken at {temperature} C; those of another session are nearer to the {middle} C of the lights</source>
        <translation>ce flat a été pris à {temperature} °C ; ceux d’une autre session sont plus proches des {middle} °C des lights</translation>
    </message>
    <message>
        <source>at an unknown time</source>
        <translation>à une date inconnue</translation>
    </message>
    <message>
        <source>Name the folder that holds lights/ (or the frames themselves).</source>
        <translation>Indiquez le dossier qui contient lights/ (ou les images elles-mêmes).</translation>
    </message>
    <message>
        <source>Name its folder: {parent}</source>
        <translation>Nommez son dossier : {parent}</translation>
    </message>
    <message>
        <source>Did you mean {parent}?</source>
        <translation>Vouliez-vous dire {parent} ?</translation>
    </message>
    <message>
        <source>it is next to the folder of lights</source>
        <translation>il est à côté du dossier des lights</translation>
    </message>
    <message>
        <source>Move it into one of the session&apos;s folders to use it.</source>
        <translation>Déplacez-le dans un des dossiers de la session pour l’utiliser.</translation>
    </message>
    <message>
        <source>A path with spaces needs quotes: &apos;{whole}&apos;</source>
        <translation>Un chemin avec des espaces a besoin de guillemets : &apos;{whole}&apos;</translation>
    </message>
    <message>
        <source>its name is not that of a master dark, flat, bias or dark-flat</source>
        <translation>son nom n’est pas celui d’un master dark, flat, bias ou dark-flat</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>ce n’est pas un fichier ordinaire</translation>
    </message>
    <message>
        <source>it looks like a product, not a raw frame</source>
        <translation>il ressemble à un produit, pas à une image brute</translation>
    </message>
    <message>
        <source>Rename it if it is a raw frame. To combine finished stacks: --set input.workflow=master_tiles.</source>
        <translation>Renommez-le si c’est une image brute. Pour combiner des empilements finis : --set input.workflow=master_tiles.</translation>
    </message>
    <message>
        <source>{root} is not a folder.</source>
        <translation>{root} n’est pas un dossier.</translation>
    </message>
    <message>
        <source>The folder {root} does not exist.</source>
        <translation>Le dossier {root} n’existe pas.</translation>
    </message>
    <message>
        <source>this folder is not one of lights, darks, flats or biases</source>
        <translation>ce dossier n’est pas un dossier de lights, darks, flats ou bias</translation>
    </message>
    <message>
        <source>If it contains raw frames, rename it, or name it as a session.</source>
        <translation>S’il contient des images brutes, renommez-le, ou donnez-le comme session.</translation>
    </message>
    <message>
        <source>the folder cannot be read: {strerror}</source>
        <translation>le dossier ne peut pas être lu : {strerror}</translation>
    </message>
    <message>
        <source>only {stars} stars can be used, {min_stars} are needed</source>
        <translation>seulement {stars} étoiles sont utilisables, il en faut {min_stars}</translation>
    </message>
    <message>
        <source>Give one file name per line.</source>
        <translation>Donnez un nom de fichier par ligne.</translation>
    </message>
    <message>
        <source>Remove them from the list, or name the session that has them.</source>
        <translation>Retirez-les de la liste, ou donnez la session qui les contient.</translation>
    </message>
    <message>
        <source>selection.frames: {path} names no frame.</source>
        <translation>selection.frames : {path} ne nomme aucune image.</translation>
    </message>
    <message>
        <source>selection.frames: {path} names {count} frames that are not lights of the session: {names_missing}.</source>
        <translation>selection.frames : {path} nomme {count} images qui ne sont pas des lights de la session : {names_missing}.</translation>
    </message>
    <message>
        <source>selection.frames: {path} cannot be read: {strerror}.</source>
        <translation>selection.frames : {path} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>selection.frames: {path} is not a text file (byte {start}).</source>
        <translation>selection.frames : {path} n’est pas un fichier texte (octet {start}).</translation>
    </message>
    <message>
        <source>it is not in the frame list {path}</source>
        <translation>il n’est pas dans la liste d’images {path}</translation>
    </message>
    <message>
        <source>it does not contain a session of the device</source>
        <translation>il ne contient pas de session de l’appareil</translation>
    </message>
    <message>
        <source>If it contains raw frames, name it as a session.</source>
        <translation>S’il contient des images brutes, donnez-le comme session.</translation>
    </message>
    <message>
        <source>the raw frames of an ASIAIR are in Autorun and Plan</source>
        <translation>les images brutes d’un ASIAIR sont dans Autorun et Plan</translation>
    </message>
    <message>
        <source>To use these, name the folder itself as a session.</source>
        <translation>Pour utiliser celles-ci, donnez le dossier lui-même comme session.</translation>
    </message>
    <message>
        <source>snapshots are not frames of a session</source>
        <translation>les instantanés ne sont pas des images d’une session</translation>
    </message>
    <message>
        <source>Rename the folder if they are.</source>
        <translation>Renommez le dossier s’ils en sont.</translation>
    </message>
    <message>
        <source>it contains stacks made by the telescope</source>
        <translation>il contient des empilements faits par le télescope</translation>
    </message>
    <message>
        <source>The raw frames are in folders that end in _sub.</source>
        <translation>Les images brutes sont dans des dossiers qui finissent par _sub.</translation>
    </message>
    <message>
        <source>it is next to folders of lights</source>
        <translation>il est à côté de dossiers de lights</translation>
    </message>
    <message>
        <source>Move it into one of them to use it.</source>
        <translation>Déplacez-le dans l’un d’eux pour l’utiliser.</translation>
    </message>
    <message>
        <source>the device marked it as failed</source>
        <translation>l’appareil l’a marqué comme raté</translation>
    </message>
    <message>
        <source>To use it, copy it under a name without failed_.</source>
        <translation>Pour l’utiliser, copiez-le sous un nom sans failed_.</translation>
    </message>
    <message>
        <source>it is a stack that the device made, not a raw frame</source>
        <translation>c’est un empilement fait par l’appareil, pas une image brute</translation>
    </message>
    <message>
        <source>its median is {median} of the full range: stretched, overexposed, or a flat</source>
        <translation>sa médiane est {median} de la pleine échelle : étiré, surexposé, ou un flat</translation>
    </message>
    <message>
        <source>its median is {median} of the full range, that of the other lights {usual}: it looks stretched</source>
        <translation>sa médiane est {median} de la pleine échelle, celle des autres lights {usual} : il semble étiré</translation>
    </message>
    <message>
        <source>The sky of the lights is at {usual} of the full range, as in stretched frames. Stacking needs the frames as the camera wrote them; under a very bright sky they may be linear.</source>
        <translation>Le ciel des lights est à {usual} de la pleine échelle, comme dans des images étirées. L’empilement a besoin des images telles que la caméra les a écrites ; sous un ciel très clair elles peuvent être linéaires.</translation>
    </message>
    <message>
        <source>Stack it in a separate run, with calibration frames of its bit depth.</source>
        <translation>Empilez-le dans une exécution à part, avec des images de calibration de sa profondeur de bits.</translation>
    </message>
    <message>
        <source>Give the raw, linear frame.</source>
        <translation>Donnez l’image brute, linéaire.</translation>
    </message>
    <message>
        <source>its values are multiples of {step}, those of the other lights of {usual}, and its level differs by as much: it has another bit depth</source>
        <translation>ses valeurs sont des multiples de {step}, celles des autres lights de {usual}, et son niveau diffère d’autant : il a une autre profondeur de bits</translation>
    </message>
    <message>
        <source>according to its HISTORY it was stretched</source>
        <translation>d’après son HISTORY il a été étiré</translation>
    </message>
    <message>
        <source>Correct calibration.library.</source>
        <translation>Corrigez calibration.library.</translation>
    </message>
    <message>
        <source>calibration.library: {folder} is not a folder.</source>
        <translation>calibration.library : {folder} n’est pas un dossier.</translation>
    </message>
    <message>
        <source>the library {folder}</source>
        <translation>la bibliothèque {folder}</translation>
    </message>
    <message>
        <source>The library {folder} is in the session {parent}, to which nothing is written.</source>
        <translation>La bibliothèque {folder} est dans la session {parent}, où rien n’est écrit.</translation>
    </message>
    <message>
        <source>The library {folder} cannot be created: {strerror}.</source>
        <translation>La bibliothèque {folder} ne peut pas être créée : {strerror}.</translation>
    </message>
    <message>
        <source>by its name it is a map that belongs to a stack, not a stack</source>
        <translation>d’après son nom c’est une carte qui accompagne un empilement, pas un empilement</translation>
    </message>
    <message>
        <source>Rename it if it is a stack.</source>
        <translation>Renommez-le si c’est un empilement.</translation>
    </message>
    <message>
        <source>Choose with --set calibration.{role}_master=FILE.</source>
        <translation>Choisissez avec --set calibration.{role}_master=FICHIER.</translation>
    </message>
    <message>
        <source>{chosen} is used as the master {role}</source>
        <translation>{chosen} est utilisé comme master ({role})</translation>
    </message>
    <message>
        <source>To stack both together, use reconstruction.method mean.</source>
        <translation>Pour empiler les deux ensemble, utilisez reconstruction.method mean.</translation>
    </message>
    <message>
        <source>The lights are from several cameras or telescopes: {parts}. They are stacked together, each calibrated with its own masters, and brought to one scale and flux.</source>
        <translation>Les lights viennent de plusieurs caméras ou télescopes : {parts}. Ils sont empilés ensemble, chacun calibré avec ses propres masters, et mis à une échelle et un flux communs.</translation>
    </message>
    <message>
        <source>Stack them with --set &apos;input.filter={filter}&apos;.</source>
        <translation>Empilez-les avec --set &apos;input.filter={filter}&apos;.</translation>
    </message>
    <message>
        <source>it is {what}, the session is {chosen}</source>
        <translation>c’est {what}, la session est {chosen}</translation>
    </message>
    <message>
        <source>The lights have filters {filters}; {stacked} is stacked ({count} frames), not {listing}. Choose with --set input.filter=NAME.</source>
        <translation>Les lights ont les filtres {filters} ; {stacked} est empilé ({count} images), pas {listing}. Choisissez avec --set input.filter=NOM.</translation>
    </message>
    <message>
        <source>The lights differ in exposure ({listing}); they are scaled to a common level.</source>
        <translation>Les lights ont des poses différentes ({listing}) ; elles sont mises à un niveau commun.</translation>
    </message>
    <message>
        <source>The lights are already debayered; their three colours are stacked as they are.</source>
        <translation>Les lights sont déjà dématricés ; leurs trois couleurs sont empilées telles quelles.</translation>
    </message>
    <message>
        <source>, {scale} arcsec/px</source>
        <translation>, {scale} secondes d’arc/px</translation>
    </message>
    <message>
        <source>input.{name}: no light has the {name} {wanted}.</source>
        <translation>input.{name} : aucun light n’a {name} {wanted}.</translation>
    </message>
    <message>
        <source>its {name} is {value}, {wanted} was requested</source>
        <translation>{name} est {value}, {wanted} était demandé</translation>
    </message>
    <message>
        <source>, one of {count} lights of {camera}</source>
        <translation>, un des {count} lights de {camera}</translation>
    </message>
    <message>
        <source>, the only light of {camera}</source>
        <translation>, le seul light de {camera}</translation>
    </message>
    <message>
        <source>There are: {known}.</source>
        <translation>Il y a : {known}.</translation>
    </message>
    <message>
        <source>The headers name no {name}.</source>
        <translation>Les en-têtes ne nomment pas de {name}.</translation>
    </message>
    <message>
        <source>--set input.bayer_pattern={fitting}</source>
        <translation>--set input.bayer_pattern={fitting}</translation>
    </message>
    <message>
        <source>{named} gives the pattern {cfa} (in the order of the file&apos;s rows), but in its pixels the green phases are on the other diagonal: the levels of the four phases are {levels} ADU</source>
        <translation>{named} donne le motif {cfa} (dans l’ordre des lignes du fichier), mais dans ses pixels le vert est sur l’autre diagonale : les niveaux des quatre phases sont {levels} ADU</translation>
    </message>
    <message>
        <source>{choice}, or correct BAYERPAT, ROWORDER or YBAYROFF in the files.</source>
        <translation>{choice}, ou corrigez BAYERPAT, ROWORDER ou YBAYROFF dans les fichiers.</translation>
    </message>
    <message>
        <source>its header names no Bayer pattern (BAYERPAT), but its pixels are a colour mosaic: the levels of the four phases are {levels} ADU; stacked as mono it would be grey</source>
        <translation>son en-tête ne nomme pas de motif de Bayer (BAYERPAT), mais ses pixels sont une mosaïque de couleurs : les niveaux des quatre phases sont {levels} ADU ; empilé en mono il serait gris</translation>
    </message>
    <message>
        <source>{choice}, as the manual of the camera names it; =mono stacks it as it is.</source>
        <translation>{choice}, comme le manuel de la caméra l’indique ; =mono l’empile tel quel.</translation>
    </message>
    <message>
        <source>its header names an X-Trans mosaic of 6x6 pixels, which cannot be debayered here</source>
        <translation>son en-tête indique une mosaïque X-Trans de 6x6 pixels, qui ne peut pas être dématricée ici</translation>
    </message>
    <message>
        <source>Debayer the calibrated frames in Siril (calibrate ... -debayer) and stack the colour frames; to stack the mosaic as a grey picture: --set input.bayer_pattern=mono.</source>
        <translation>Dématricez les images calibrées dans Siril (calibrate ... -debayer) et empilez les images en couleurs ; pour empiler la mosaïque comme image grise : --set input.bayer_pattern=mono.</translation>
    </message>
    <message>
        <source>The camera {camera} has a colour sensor, but the pixels of {count} lights ({first} ...) are not a mosaic: they are stacked as mono.</source>
        <translation>La caméra {camera} a un capteur couleur, mais les pixels de {count} lights ({first} ...) ne sont pas une mosaïque : ils sont empilés en mono.</translation>
    </message>
    <message>
        <source>{count} lights without BAYERPAT ({first} ...) have the mosaic of the others of their camera: {pattern} is used.</source>
        <translation>{count} lights sans BAYERPAT ({first} ...) ont la mosaïque des autres de leur caméra : {pattern} est utilisé.</translation>
    </message>
    <message>
        <source>{first}: {problem}. input.bayer_pattern is used.</source>
        <translation>{first} : {problem}. input.bayer_pattern est utilisé.</translation>
    </message>
    <message>
        <source>its pixels are an X-Trans mosaic of 6x6 pixels, which cannot be debayered here</source>
        <translation>ses pixels sont une mosaïque X-Trans de 6x6 pixels, qui ne peut pas être dématricée ici</translation>
    </message>
    <message>
        <source>The headers name no filter.</source>
        <translation>Les en-têtes ne nomment pas de filtre.</translation>
    </message>
    <message>
        <source>all its lights are copies of those of another night ({first} is {copies}).</source>
        <translation>tous ses lights sont des copies de ceux d’une autre nuit ({first} est {copies}).</translation>
    </message>
    <message>
        <source>no light has the filter {wanted}.</source>
        <translation>aucun light n’a le filtre {wanted}.</translation>
    </message>
    <message>
        <source>The nights have {count} usable lights together, {min_frames} are needed.</source>
        <translation>Les nuits ont ensemble {count} lights utilisables, il en faut {min_frames}.</translation>
    </message>
    <message>
        <source>the night {folder}</source>
        <translation>la nuit {folder}</translation>
    </message>
    <message>
        <source>{remedy} Or leave this night out (use: false).</source>
        <translation>{remedy} Ou écartez cette nuit (use: false).</translation>
    </message>
    <message>
        <source>The night {first} has {value} frames ({camera}), {other} has {b} ones ({camera2}): they cannot be one channel.</source>
        <translation>La nuit {first} a des images {value} ({camera}), {other} en a {b} ({camera2}) : elles ne peuvent pas former un canal.</translation>
    </message>
    <message>
        <source>The row order (ROWORDER) of {other} is opposite to that of {first}: one of them is mirrored.</source>
        <translation>L’ordre des lignes (ROWORDER) de {other} est inverse de celui de {first} : l’une des deux est inversée.</translation>
    </message>
    <message>
        <source>The nights {other_name} and {session} share frames ({info}).</source>
        <translation>Les nuits {other_name} et {session} partagent des images ({info}).</translation>
    </message>
    <message>
        <source>Stack them in separate projects, or leave one out (use: false).</source>
        <translation>Empilez-les dans des projets séparés, ou écartez-en une (use: false).</translation>
    </message>
    <message>
        <source>Write both with the same setting of the capture program, or stack them separately.</source>
        <translation>Écrivez les deux avec le même réglage du logiciel d’acquisition, ou empilez-les séparément.</translation>
    </message>
    <message>
        <source>Give each night a separate folder, none within another.</source>
        <translation>Donnez à chaque nuit un dossier séparé, aucun dans un autre.</translation>
    </message>
    <message>
        <source>{count} lights of {camera} have the Bayer pattern {cfa}, those of {main} {pattern}: they are read without {rows} on each side, and begin with the same colours.</source>
        <translation>{count} lights de {camera} ont le motif de Bayer {cfa}, ceux de {main} {pattern} : ils sont lus sans {rows} de chaque côté, et commencent par les mêmes couleurs.</translation>
    </message>
    <message>
        <source>Not used: {listing}. {advice}</source>
        <translation>Non utilisé : {listing}. {advice}</translation>
    </message>
    <message>
        <source>It cannot be measured ({name}: {error}).</source>
        <translation>Il ne peut pas être mesuré ({name} : {error}).</translation>
    </message>
    <message>
        <source>{role} frames ({names})</source>
        <translation>images ({role} : {names})</translation>
    </message>
    <message>
        <source>ROWORDER of {group} is {group2}, that of the lights {light}</source>
        <translation>ROWORDER de {group} est {group2}, celui des lights {light}</translation>
    </message>
    <message>
        <source>The pixels of {frames} agree with those of the lights only when their rows are reversed (correlation {reversed}, as the headers have it {straight}; {orders}): they are reversed. Correct ROWORDER in the files.</source>
        <translation>Les pixels des {frames} ne concordent avec ceux des lights que si leurs lignes sont inversées (corrélation {reversed}, selon les en-têtes {straight} ; {orders}) : elles sont inversées. Corrigez ROWORDER dans les fichiers.</translation>
    </message>
    <message>
        <source>ROWORDER of {count} {kind} frames ({turned}) is {turned2}, that of the lights {light}: their rows are reversed on reading.</source>
        <translation>ROWORDER de {count} images ({kind} : {turned}) est {turned2}, celui des lights {light} : leurs lignes sont inversées à la lecture.</translation>
    </message>
    <message>
        <source>{frames}: their headers are those of calibration frames whose rows are reversed ({orders}): they are reversed too. Correct ROWORDER in the files.</source>
        <translation>{frames} : leurs en-têtes sont ceux d’images de calibration aux lignes inversées ({orders}) : elles sont inversées aussi. Corrigez ROWORDER dans les fichiers.</translation>
    </message>
    <message>
        <source>not given</source>
        <translation>non indiqué</translation>
    </message>
    <message>
        <source>{count} float frames hold ADU ({adu}), {count2} values from 0 to 1 ({other}): each is read in its unit.</source>
        <translation>{count} images flottantes contiennent des ADU ({adu}), {count2} des valeurs de 0 à 1 ({other}) : chacune est lue dans son unité.</translation>
    </message>
    <message>
        <source>{wrapped}: negative 16-bit samples beside values near 32767 are values above 32767, written without BZERO; they are read as such.</source>
        <translation>{wrapped} : des valeurs 16 bits négatives à côté de valeurs proches de 32767 sont des valeurs supérieures à 32767, écrites sans BZERO ; elles sont lues ainsi.</translation>
    </message>
    <message>
        <source>{lost}: the 16-bit samples are near -32768, as unsigned values without their BZERO; they are read with BZERO = 32768.</source>
        <translation>{lost} : les valeurs 16 bits sont proches de -32768, comme des valeurs non signées sans leur BZERO ; elles sont lues avec BZERO = 32768.</translation>
    </message>
    <message>
        <source>{wide}: the 32-bit samples are above 65535: their full range of 0 to 4294967295 is taken as that of the camera.</source>
        <translation>{wide} : les valeurs 32 bits dépassent 65535 : leur pleine échelle de 0 à 4294967295 est prise comme celle de la caméra.</translation>
    </message>
    <message>
        <source>Correct the setting.</source>
        <translation>Corrigez le réglage.</translation>
    </message>
    <message>
        <source>The night {night} has settings of {section}.</source>
        <translation>La nuit {night} a des réglages de {section}.</translation>
    </message>
    <message>
        <source>A night may only have settings of {night_sections}; the others apply to all nights.</source>
        <translation>Une nuit ne peut avoir que des réglages de {night_sections} ; les autres valent pour toutes les nuits.</translation>
    </message>
    <message>
        <source>The night {night}: settings.{where}: {msg}.</source>
        <translation>La nuit {night} : settings.{where} : {msg}.</translation>
    </message>
    <message>
        <source>within {rotation_tolerance} deg</source>
        <translation>à moins de {rotation_tolerance} degrés</translation>
    </message>
    <message>
        <source>{shape}x{shape2} {cfa} for {shape3}x{shape4} {cfa2}</source>
        <translation>{shape}x{shape2} {cfa} au lieu de {shape3}x{shape4} {cfa2}</translation>
    </message>
    <message>
        <source>camera {camera} for {camera2}</source>
        <translation>caméra {camera} au lieu de {camera2}</translation>
    </message>
    <message>
        <source>{exposure} s for {exposure2} s</source>
        <translation>{exposure} s au lieu de {exposure2} s</translation>
    </message>
    <message>
        <source>{temperature} C for {temperature2} C</source>
        <translation>{temperature} °C au lieu de {temperature2} °C</translation>
    </message>
    <message>
        <source>filter {filter} for {filter2}</source>
        <translation>filtre {filter} au lieu de {filter2}</translation>
    </message>
    <message>
        <source>rotator at {rotation} deg for {rotation2} deg</source>
        <translation>rotateur à {rotation} degrés au lieu de {rotation2}</translation>
    </message>
    <message>
        <source>{count} {role} frames of {origin} are used{how}.</source>
        <translation>{count} images ({role}) de {origin} sont utilisées{how}.</translation>
    </message>
    <message>
        <source>{name} {given} for {wanted}</source>
        <translation>{name} {given} au lieu de {wanted}</translation>
    </message>
    <message>
        <source>The master {role} {name} comes from {origin}{how}.</source>
        <translation>Le master {name} ({role}) vient de {origin}{how}.</translation>
    </message>
    <message>
        <source>rotator {rotation} deg</source>
        <translation>rotateur {rotation} degrés</translation>
    </message>
    <message>
        <source>Add a line for each light.</source>
        <translation>Ajoutez une ligne pour chaque light.</translation>
    </message>
    <message>
        <source>Put cells that contain the separator into double quotes.</source>
        <translation>Mettez entre guillemets doubles les cellules qui contiennent le séparateur.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path}, column {column}: {what}.</source>
        <translation>{key} : ligne {line} de {path}, colonne {column} : {what}.</translation>
    </message>
    <message>
        <source>Remove them, or name the session that has them.</source>
        <translation>Retirez-les, ou donnez la session qui les contient.</translation>
    </message>
    <message>
        <source>Save it as CSV in UTF-8.</source>
        <translation>Enregistrez-le en CSV UTF-8.</translation>
    </message>
    <message>
        <source>Correct the quotes in it.</source>
        <translation>Corrigez-en les guillemets.</translation>
    </message>
    <message>
        <source>{key}: {path} names no frame.</source>
        <translation>{key} : {path} ne nomme aucune image.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path} has {count} cells, the first line {wanted} columns.</source>
        <translation>{key} : la ligne {line} de {path} a {count} cellules, la première ligne {wanted} colonnes.</translation>
    </message>
    <message>
        <source>{order} is not a whole number</source>
        <translation>{order} n’est pas un nombre entier</translation>
    </message>
    <message>
        <source>{key}: {count} lines of {path}, column {file}, name files that are not lights of the session: {listed}.</source>
        <translation>{key} : {count} lignes de {path}, colonne {file}, nomment des fichiers qui ne sont pas des lights de la session : {listed}.</translation>
    </message>
    <message>
        <source>it is not in the stack plan {path}</source>
        <translation>il n’est pas dans le plan d’empilement {path}</translation>
    </message>
    <message>
        <source>{key}: {path} cannot be read: {strerror}.</source>
        <translation>{key} : {path} ne peut pas être lu : {strerror}.</translation>
    </message>
    <message>
        <source>{key}: {path} is not a text file (byte {start}).</source>
        <translation>{key} : {path} n’est pas un fichier texte (octet {start}).</translation>
    </message>
    <message>
        <source>{key}: line 1 of {path} has no column {file}; its columns are {head}.</source>
        <translation>{key} : la ligne 1 de {path} n’a pas de colonne {file} ; ses colonnes sont {head}.</translation>
    </message>
    <message>
        <source>The first line names the columns: {columns}. Only {file} is needed.</source>
        <translation>La première ligne nomme les colonnes : {columns}. Seule {file} est nécessaire.</translation>
    </message>
    <message>
        <source>{key}: line {line_num} of {path} cannot be read: {error}.</source>
        <translation>{key} : la ligne {line_num} de {path} ne peut pas être lue : {error}.</translation>
    </message>
    <message>
        <source>{text} is not a number above 0</source>
        <translation>{text} n’est pas un nombre supérieur à 0</translation>
    </message>
    <message>
        <source>Give as many folders as are needed to distinguish them.</source>
        <translation>Donnez autant de dossiers qu’il en faut pour les distinguer.</translation>
    </message>
    <message>
        <source>{key}: line {line} of {path}, column {file}: {file2} fits {count} lights ({fitting}, {fitting2} ...).</source>
        <translation>{key} : ligne {line} de {path}, colonne {file} : {file2} correspond à {count} lights ({fitting}, {fitting2} ...).</translation>
    </message>
    <message>
        <source>Remove one of them.</source>
        <translation>Retirez l’une d’elles.</translation>
    </message>
    <message>
        <source>{key}: lines {line} and {line2} of {path}, column {file}, name the same light {fitting}.</source>
        <translation>{key} : les lignes {line} et {line2} de {path}, colonne {file}, nomment le même light {fitting}.</translation>
    </message>
    <message>
        <source>Write the folder before the name, as FOLDER/FILE.</source>
        <translation>Écrivez le dossier avant le nom : DOSSIER/FICHIER.</translation>
    </message>
    <message>
        <source>No light of this run is named {name}.</source>
        <translation>Aucun light de cette exécution ne s’appelle {name}.</translation>
    </message>
    <message>
        <source>{count} frame</source>
        <translation>{count} image</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} images</translation>
    </message>
    <message>
        <source>Exclude fewer frames, or smaller boxes.</source>
        <translation>Excluez moins d’images, ou de plus petits rectangles.</translation>
    </message>
    <message>
        <source>{count} lights are named {name}: {several}.</source>
        <translation>{count} lights s’appellent {name} : {several}.</translation>
    </message>
    <message>
        <source>Give pixels of the stack, counted from 0: x along its rows, y in the order of the file.</source>
        <translation>Donnez des pixels de l’empilement, comptés depuis 0 : x le long des lignes, y dans l’ordre du fichier.</translation>
    </message>
    <message>
        <source>stacking.exclude leaves {frames} in a tile, {min_frames} are needed.</source>
        <translation>stacking.exclude laisse {frames} dans une tuile, il en faut {min_frames}.</translation>
    </message>
    <message>
        <source>Its lights are named like {names}.</source>
        <translation>Ses lights s’appellent par exemple {names}.</translation>
    </message>
    <message>
        <source>{entry} is outside the stack of {width} x {height} pixels.</source>
        <translation>{entry} est hors de l’empilement de {width} x {height} pixels.</translation>
    </message>
    <message>
        <source>output.calibrated cannot be combined with engine.siril.output: frames.</source>
        <translation>output.calibrated ne peut pas être combiné avec engine.siril.output: frames.</translation>
    </message>
    <message>
        <source>Set engine.siril.output to transforms, or use output.registered.</source>
        <translation>Mettez engine.siril.output à transforms, ou utilisez output.registered.</translation>
    </message>
    <message>
        <source>writing {folder} frames</source>
        <translation>écriture des images {folder}</translation>
    </message>
    <message>
        <source>{folder} has {free} GiB free, its {count} frames need {needed} GiB.</source>
        <translation>{folder} a {free} Gio libres, ses {count} images en demandent {needed}.</translation>
    </message>
    <message>
        <source>Free some space, or set output.{folder} to false.</source>
        <translation>Libérez de la place, ou mettez output.{folder} à false.</translation>
    </message>
    <message>
        <source>No {path} is written: sequences of Siril have no lenses, and frames of one size.</source>
        <translation>{path} n’est pas écrit : les séquences de Siril n’ont pas de distorsion, et des images d’une seule taille.</translation>
    </message>
    <message>
        <source>Loosen selection.where or selection.keep_fraction; `orchestrate frames SESSION --scored` shows the scores.</source>
        <translation>Assouplissez selection.where ou selection.keep_fraction ; `orchestrate frames SESSION --scored` montre les scores.</translation>
    </message>
    <message>
        <source>selection.keep_fraction: its score {score} is not among the best {keep_fraction} % (from {score2})</source>
        <translation>selection.keep_fraction : son score {score} n’est pas parmi les meilleurs {keep_fraction} % (à partir de {score2})</translation>
    </message>
    <message>
        <source>The selection leaves {kept} of {count} frames, {min_frames} are needed.</source>
        <translation>La sélection laisse {kept} des {count} images, il en faut {min_frames}.</translation>
    </message>
    <message>
        <source>No frame of panel {number} is in the stack: it has no master tile.</source>
        <translation>Aucune image du panneau {number} n’est dans l’empilement : il n’a pas de tuile master.</translation>
    </message>
    <message>
        <source>None of the {count} lights of the night {night} is in the stack.</source>
        <translation>Aucun des {count} lights de la nuit {night} n’est dans l’empilement.</translation>
    </message>
    <message>
        <source>Give artifacts/geometry.json of a run.</source>
        <translation>Donnez artifacts/geometry.json d’une exécution.</translation>
    </message>
    <message>
        <source>{key} needs frames that are not resampled yet.</source>
        <translation>{key} a besoin d’images pas encore rééchantillonnées.</translation>
    </message>
    <message>
        <source>Both must show the same field.</source>
        <translation>Les deux doivent montrer le même champ.</translation>
    </message>
    <message>
        <source>{key}: {path} is not the geometry of a run ({error}).</source>
        <translation>{key} : {path} n’est pas la géométrie d’une exécution ({error}).</translation>
    </message>
    <message>
        <source>The frames cannot be matched to the grid of {file}: {error}.</source>
        <translation>Les images ne peuvent pas être mises sur la grille de {file} : {error}.</translation>
    </message>
    <message>
        <source>Transparency of {count} frames taken from their exposure time: fewer than {least} stars matched ({names}{count2}).</source>
        <translation>Transparence de {count} images prise de leur temps de pose : moins de {least} étoiles correspondaient ({names}{count2}).</translation>
    </message>
    <message>
        <source>Plate solve that light and write its WCS into it, choose another with registration.reference, or set mosaic.projection to none.</source>
        <translation>Faites l’astrométrie de ce light et écrivez-y son WCS, choisissez-en un autre avec registration.reference, ou mettez mosaic.projection à none.</translation>
    </message>
    <message>
        <source>Plate solve the light again, without or with distortion.</source>
        <translation>Refaites l’astrométrie du light, sans ou avec distorsion.</translation>
    </message>
    <message>
        <source>Give the header of a plate-solved image.</source>
        <translation>Donnez l’en-tête d’une image avec astrométrie.</translation>
    </message>
    <message>
        <source>The position of the reference {info} on the sky is not known: its header has no WCS, and it could not be plate solved ({why}).</source>
        <translation>La position de la référence {info} sur le ciel n’est pas connue : son en-tête n’a pas de WCS, et l’astrométrie a échoué ({why}).</translation>
    </message>
    <message>
        <source>The WCS of the reference {info} differs by {misfit} px from that of a plane without the distortion of its lens.</source>
        <translation>Le WCS de la référence {info} diffère de {misfit} px de celui d’un plan sans distorsion de son optique.</translation>
    </message>
    <message>
        <source>Give a FITS file or a text file of its header.</source>
        <translation>Donnez un fichier FITS ou un fichier texte de son en-tête.</translation>
    </message>
    <message>
        <source>mosaic.header: {path} has no WCS of the sky with right ascension first, or no NAXIS1 and NAXIS2.</source>
        <translation>mosaic.header : {path} n’a pas de WCS du ciel commençant par l’ascension droite, ou pas de NAXIS1 et NAXIS2.</translation>
    </message>
    <message>
        <source>mosaic.header: {path} cannot be read: {error}.</source>
        <translation>mosaic.header : {path} ne peut pas être lu : {error}.</translation>
    </message>
    <message>
        <source>Install one (https://www.hnsky.org/astap.htm#star_database), set its folder with astrometry.astap_data, or write one with `orchestrate catalog write`.</source>
        <translation>Installez-en une (https://www.hnsky.org/astap.htm#star_database), indiquez son dossier avec astrometry.astap_data, ou écrivez-en une avec `orchestrate catalog write`.</translation>
    </message>
    <message>
        <source>Is the disk full?</source>
        <translation>Le disque est-il plein ?</translation>
    </message>
    <message>
        <source>No ASTAP star database{name} was found.</source>
        <translation>Aucune base d’étoiles d’ASTAP{name} n’a été trouvée.</translation>
    </message>
    <message>
        <source>The result of ASTAP for {image} is incomplete: {ini} lacks numbers.</source>
        <translation>Le résultat d’ASTAP pour {image} est incomplet : des nombres manquent dans {ini}.</translation>
    </message>
    <message>
        <source>ASTAP left no result for {image} (exit status {returncode}).</source>
        <translation>ASTAP n’a pas laissé de résultat pour {image} (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>See {log}.</source>
        <translation>Voir {log}.</translation>
    </message>
    <message>
        <source>ASTAP: {value} ({folder}).</source>
        <translation>ASTAP : {value} ({folder}).</translation>
    </message>
    <message>
        <source>solve-field failed (exit status {returncode}).</source>
        <translation>solve-field a échoué (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>solve-field left an incomplete solution: {error}.</source>
        <translation>solve-field a laissé une solution incomplète : {error}.</translation>
    </message>
    <message>
        <source>{builder} made no index (exit status {returncode}).</source>
        <translation>{builder} n’a pas fait d’index (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>GraXpert failed (exit status {returncode}, {count} images).</source>
        <translation>GraXpert a échoué (code de sortie {returncode}, {count} images).</translation>
    </message>
    <message>
        <source>See {log}. GraXpert downloads its model when it runs for the first time.</source>
        <translation>Voir {log}. GraXpert télécharge son modèle au premier lancement.</translation>
    </message>
    <message>
        <source>GraXpert made an image of {shape} from one of {shape2}.</source>
        <translation>GraXpert a fait une image de {shape} à partir d’une de {shape2}.</translation>
    </message>
    <message>
        <source>GraXpert left no usable image: {error}</source>
        <translation>GraXpert n’a pas laissé d’image utilisable : {error}</translation>
    </message>
    <message>
        <source>{value} was not found ({value2}).</source>
        <translation>{value} n’a pas été trouvé ({value2}).</translation>
    </message>
    <message>
        <source>{path} does not identify itself as {value} (exit status {returncode}).</source>
        <translation>{path} ne s’identifie pas comme {value} (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>{path} is {found}, which is too old: {why_minimum}.</source>
        <translation>{path} est {found}, trop ancien : {why_minimum}.</translation>
    </message>
    <message>
        <source>{path} is not an executable file.</source>
        <translation>{path} n’est pas un fichier exécutable.</translation>
    </message>
    <message>
        <source>Raise the time limit, or check its log.</source>
        <translation>Augmentez la limite de temps, ou consultez son journal.</translation>
    </message>
    <message>
        <source>{name} was not started: the run was cancelled.</source>
        <translation>{name} n’a pas été lancé : l’exécution a été annulée.</translation>
    </message>
    <message>
        <source>{name} was stopped after {seconds} s: the run was cancelled.</source>
        <translation>{name} a été arrêté après {seconds} s : l’exécution a été annulée.</translation>
    </message>
    <message>
        <source>{name} did not end within {timeout} s and was stopped.</source>
        <translation>{name} n’a pas fini en {timeout} s et a été arrêté.</translation>
    </message>
    <message>
        <source>Install it, or correct its path.</source>
        <translation>Installez-le, ou corrigez son chemin.</translation>
    </message>
    <message>
        <source>{name} cannot be started: {words}: {strerror}.</source>
        <translation>{name} ne peut pas être lancé : {words} : {strerror}.</translation>
    </message>
    <message>
        <source>{name} cannot be started: {words}: {error}.</source>
        <translation>{name} ne peut pas être lancé : {words} : {error}.</translation>
    </message>
    <message>
        <source>{name} cannot start in {cwd}: the folder does not exist.</source>
        <translation>{name} ne peut pas démarrer dans {cwd} : le dossier n’existe pas.</translation>
    </message>
    <message>
        <source>The package {packages} is not installed.</source>
        <translation>Le paquet {packages} n’est pas installé.</translation>
    </message>
    <message>
        <source>{name} ended without a result (exit status {returncode}).</source>
        <translation>{name} a fini sans résultat (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>Siril made an image of {shape} from one of {shape2}.</source>
        <translation>Siril a fait une image de {shape} à partir d’une de {shape2}.</translation>
    </message>
    <message>
        <source>Siril failed in {script}: {reason}</source>
        <translation>Siril a échoué dans {script} : {reason}</translation>
    </message>
    <message>
        <source>it crashed twice (exit status {returncode}).</source>
        <translation>il a planté deux fois (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>{lines} (exit status {returncode}).</source>
        <translation>{lines} (code de sortie {returncode}).</translation>
    </message>
    <message>
        <source>Siril&apos;s work folder {workdir} does not exist.</source>
        <translation>Le dossier de travail de Siril {workdir} n’existe pas.</translation>
    </message>
    <message>
        <source>The Siril script {script} is not UTF-8: Siril would stop reading at byte {start}.</source>
        <translation>Le script Siril {script} n’est pas en UTF-8 : Siril arrêterait de lire à l’octet {start}.</translation>
    </message>
    <message>
        <source>it reports success, but {output} was not made.</source>
        <translation>il annonce un succès, mais {output} n’a pas été fait.</translation>
    </message>
    <message>
        <source>it reports success, but {output} is older than the run.</source>
        <translation>il annonce un succès, mais {output} est plus ancien que l’exécution.</translation>
    </message>
    <message>
        <source>it reports success, but {output} has only {stamp} bytes.</source>
        <translation>il annonce un succès, mais {output} n’a que {stamp} octets.</translation>
    </message>
    <message>
        <source>it reports success, but {error}</source>
        <translation>il annonce un succès, mais {error}</translation>
    </message>
    <message>
        <source>it printed no message</source>
        <translation>il n’a affiché aucun message</translation>
    </message>
    <message>
        <source>{command} of Siril printed no factors.</source>
        <translation>{command} de Siril n’a affiché aucun facteur.</translation>
    </message>
    <message>
        <source>Siril made an image of {shape} from a mosaic of {shape2}.</source>
        <translation>Siril a fait une image de {shape} à partir d’une mosaïque de {shape2}.</translation>
    </message>
    <message>
        <source>The window of Siril was not found.</source>
        <translation>La fenêtre de Siril n’a pas été trouvée.</translation>
    </message>
    <message>
        <source>Install Siril, so that `siril` is on PATH.</source>
        <translation>Installez Siril, de sorte que `siril` soit dans le PATH.</translation>
    </message>
    <message>
        <source>Siril was stopped: the run was cancelled.</source>
        <translation>Siril a été arrêté : l’exécution a été annulée.</translation>
    </message>
    <message>
        <source>Siril has ended, or has stopped the script.</source>
        <translation>Siril s’est terminé, ou a arrêté le script.</translation>
    </message>
    <message>
        <source>Use a name without control characters, $ and mixed quotes.</source>
        <translation>Utilisez un nom sans caractères de contrôle, $ ni guillemets mélangés.</translation>
    </message>
    <message>
        <source>This Siril script must not be run: {what} (line {number}: {line}).</source>
        <translation>Ce script Siril ne doit pas être exécuté : {what} (ligne {number} : {line}).</translation>
    </message>
    <message>
        <source>Name the folder that holds your templates, or remove the setting.</source>
        <translation>Indiquez le dossier de vos modèles, ou retirez le réglage.</translation>
    </message>
    <message>
        <source>{word} cannot be written in a Siril script.</source>
        <translation>{word} ne peut pas être écrit dans un script Siril.</translation>
    </message>
    <message>
        <source>engine.siril.templates: the folder {templates} does not exist.</source>
        <translation>engine.siril.templates : le dossier {templates} n’existe pas.</translation>
    </message>
    <message>
        <source>Correct it, or remove it to use the built-in template.</source>
        <translation>Corrigez-le, ou retirez-le pour utiliser le modèle fourni.</translation>
    </message>
    <message>
        <source>Save it as UTF-8 text.</source>
        <translation>Enregistrez-le en texte UTF-8.</translation>
    </message>
    <message>
        <source>its first command is not {first_command}</source>
        <translation>sa première commande n’est pas {first_command}</translation>
    </message>
    <message>
        <source>a line has more than {max_words} words</source>
        <translation>une ligne a plus de {max_words} mots</translation>
    </message>
    <message>
        <source>a line has more than {max_line_bytes} bytes</source>
        <translation>une ligne a plus de {max_line_bytes} octets</translation>
    </message>
    <message>
        <source>The template {filename}, line {lineno}: {error}</source>
        <translation>Le modèle {filename}, ligne {lineno} : {error}</translation>
    </message>
    <message>
        <source>The template {place}: {error}</source>
        <translation>Le modèle {place} : {error}</translation>
    </message>
    <message>
        <source>The template {path} cannot be read: {error}</source>
        <translation>Le modèle {path} ne peut pas être lu : {error}</translation>
    </message>
    <message>
        <source>{what} was not started: the run was cancelled.</source>
        <translation>{what} n’a pas été lancé : l’exécution a été annulée.</translation>
    </message>
</context>
<context>
    <name>page</name>
    <message>
        <source>No frame has arrived yet.</source>
        <translation>Aucune image n’est encore arrivée.</translation>
    </message>
    <message>
        <source>Open the report</source>
        <translation>Ouvrir le rapport</translation>
    </message>
    <message>
        <source>The stack</source>
        <translation>L’empilement</translation>
    </message>
    <message>
        <source>Image: the stack</source>
        <translation>Image : l’empilement</translation>
    </message>
    <message>
        <source>The stack so far.</source>
        <translation>L’empilement jusqu’ici.</translation>
    </message>
    <message>
        <source>The picture appears after the first frames.</source>
        <translation>L’image apparaît après les premières poses.</translation>
    </message>
    <message>
        <source>Last frame</source>
        <translation>Dernière image</translation>
    </message>
    <message>
        <source>The last frame.</source>
        <translation>La dernière image.</translation>
    </message>
    <message>
        <source>Frames over time</source>
        <translation>Images dans le temps</translation>
    </message>
    <message>
        <source>Warnings</source>
        <translation>Avertissements</translation>
    </message>
    <message>
        <source>None.</source>
        <translation>Aucun.</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>Images</translation>
    </message>
    <message>
        <source>Table of the frames</source>
        <translation>Tableau des images</translation>
    </message>
    <message>
        <source>Served by orchestrate {0} on this computer. Nothing is sent anywhere else.</source>
        <translation>Servi par orchestrate {0} sur cet ordinateur. Rien n’est envoyé ailleurs.</translation>
    </message>
    <message>
        <source>waiting for frames</source>
        <translation>attend des images</translation>
    </message>
    <message>
        <source>full stack</source>
        <translation>empilement complet</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>terminé</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>échec</translation>
    </message>
    <message>
        <source>the program has ended</source>
        <translation>le programme est terminé</translation>
    </message>
    <message>
        <source>FWHM (px)</source>
        <translation>FWHM (px)</translation>
    </message>
    <message>
        <source>transparency</source>
        <translation>transparence</translation>
    </message>
    <message>
        <source>stars</source>
        <translation>étoiles</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>poids</translation>
    </message>
    <message>
        <source>frame</source>
        <translation>image</translation>
    </message>
    <message>
        <source>{0} of {1} frames: {2} to {3}.</source>
        <translation>{0} de {1} images : {2} à {3}.</translation>
    </message>
    <message>
        <source>not in the full stack</source>
        <translation>pas dans l’empilement complet</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>L’utiliser</translation>
    </message>
    <message>
        <source>Leave out</source>
        <translation>Écarter</translation>
    </message>
    <message>
        <source>Use {0}</source>
        <translation>Utiliser {0}</translation>
    </message>
    <message>
        <source>Leave out {0}</source>
        <translation>Écarter {0}</translation>
    </message>
    <message>
        <source>{0} frames stacked</source>
        <translation>{0} images empilées</translation>
    </message>
    <message>
        <source>filter {0}</source>
        <translation>filtre {0}</translation>
    </message>
    <message>
        <source>{0} left out</source>
        <translation>{0} écartées</translation>
    </message>
    <message>
        <source>{0} waiting</source>
        <translation>{0} en attente</translation>
    </message>
    <message>
        <source>{0} panels</source>
        <translation>{0} panneaux</translation>
    </message>
    <message>
        <source>about {0} left</source>
        <translation>encore environ {0}</translation>
    </message>
    <message>
        <source>The last {0} of {1} frames, the newest first.</source>
        <translation>Les {0} dernières images sur {1}, la plus récente d’abord.</translation>
    </message>
    <message>
        <source>Frames that you leave out stay in this picture; the full stack does not use them.</source>
        <translation>Les images que vous écartez restent dans cette image ; l’empilement complet ne les utilise pas.</translation>
    </message>
    <message>
        <source>time</source>
        <translation>heure</translation>
    </message>
    <message>
        <source>remark</source>
        <translation>remarque</translation>
    </message>
</context>
<context>
    <name>phases</name>
    <message>
        <source>reading the headers</source>
        <translation>lecture des en-têtes</translation>
    </message>
    <message>
        <source>calibrating</source>
        <translation>calibration</translation>
    </message>
    <message>
        <source>aligning the frames</source>
        <translation>alignement des images</translation>
    </message>
    <message>
        <source>planning the canvas</source>
        <translation>préparation du cadre</translation>
    </message>
    <message>
        <source>choosing the channels</source>
        <translation>choix des canaux</translation>
    </message>
    <message>
        <source>matching the brightness</source>
        <translation>égalisation de la luminosité</translation>
    </message>
    <message>
        <source>scoring the frames</source>
        <translation>notation des images</translation>
    </message>
    <message>
        <source>planning the tiles</source>
        <translation>préparation des tuiles</translation>
    </message>
    <message>
        <source>measuring the overlap</source>
        <translation>mesure du recouvrement</translation>
    </message>
    <message>
        <source>weighting each tile</source>
        <translation>pondération de chaque tuile</translation>
    </message>
    <message>
        <source>stacking</source>
        <translation>empilement</translation>
    </message>
    <message>
        <source>grouping the frames</source>
        <translation>groupement des images</translation>
    </message>
    <message>
        <source>averaging the groups</source>
        <translation>moyenne des groupes</translation>
    </message>
    <message>
        <source>writing the stack</source>
        <translation>écriture de l’empilement</translation>
    </message>
    <message>
        <source>demosaicing the stack</source>
        <translation>dématriçage de l’empilement</translation>
    </message>
    <message>
        <source>plate solving</source>
        <translation>résolution astrométrique</translation>
    </message>
    <message>
        <source>removing the gradient</source>
        <translation>suppression du gradient</translation>
    </message>
    <message>
        <source>calibrating the colours</source>
        <translation>calibration des couleurs</translation>
    </message>
    <message>
        <source>making the preview</source>
        <translation>création de l’aperçu</translation>
    </message>
    <message>
        <source>checking the result</source>
        <translation>contrôle du résultat</translation>
    </message>
    <message>
        <source>combining the filters</source>
        <translation>combinaison des filtres</translation>
    </message>
    <message>
        <source>writing the report</source>
        <translation>écriture du rapport</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>Which frames are used, and how many are enough.</source>
        <translation>Quelles images sont utilisées, et combien suffisent.</translation>
    </message>
    <message>
        <source>auto: a mosaic is found from the pointing of the frames. single: one pointing. mosaic: a mosaic, also of single frames. master_tiles: the lights are finished stacks of the panels (docs/MOSAICS.md).</source>
        <translation>auto : une mosaïque est reconnue au pointage des images. single : un seul pointage. mosaic : une mosaïque, même d’images isolées. master_tiles : les images sont des empilements achevés des panneaux (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Use only lights taken through this filter (name as in the header or file name).</source>
        <translation>N’utiliser que les brutes prises avec ce filtre (nom comme dans l’en-tête ou le nom de fichier).</translation>
    </message>
    <message>
        <source>Use only lights of this object.</source>
        <translation>N’utiliser que les brutes de cet objet.</translation>
    </message>
    <message>
        <source>CFA pattern, as BAYERPAT would name it; auto reads BAYERPAT and ROWORDER.</source>
        <translation>Motif CFA, dans la notation de BAYERPAT ; auto lit BAYERPAT et ROWORDER.</translation>
    </message>
    <message>
        <source>The run ends if fewer lights are usable.</source>
        <translation>L’exécution s’arrête si moins de brutes sont utilisables.</translation>
    </message>
    <message>
        <source>With fewer lights there are no clusters (reduced mode).</source>
        <translation>Avec moins de brutes, aucun groupe n’est formé (mode réduit).</translation>
    </message>
    <message>
        <source>Continue with fewer than min_frames lights.</source>
        <translation>Continuer avec moins de min_frames brutes.</translation>
    </message>
    <message>
        <source>Required free disk space as a multiple of the expected size of the run.</source>
        <translation>Espace disque libre requis, en multiple de la taille attendue de l’exécution.</translation>
    </message>
    <message>
        <source>Properties of cameras and telescopes (YAML, as devices.yaml) for incomplete headers; None looks in the configuration folder.</source>
        <translation>Propriétés des caméras et télescopes (YAML, comme devices.yaml) pour les en-têtes incomplets ; vide : recherche dans le dossier de configuration.</translation>
    </message>
    <message>
        <source>Largest temperature difference between darks and lights in deg C.</source>
        <translation>Plus grand écart de température entre darks et brutes en °C.</translation>
    </message>
    <message>
        <source>Largest difference in rotator angle between flats and lights in degrees.</source>
        <translation>Plus grand écart d’angle du rotateur entre flats et brutes en degrés.</translation>
    </message>
    <message>
        <source>Nights that are calibrated with their own masters and stacked together (set by projects).</source>
        <translation>Nuits calibrées avec leurs propres masters et empilées ensemble (défini par les projets).</translation>
    </message>
    <message>
        <source>A night that lacks suitable calibration frames borrows them from another night.</source>
        <translation>Une nuit sans images de calibration adaptées emprunte celles d’une autre nuit.</translation>
    </message>
    <message>
        <source>The engine that calibrates and registers.</source>
        <translation>Le moteur qui calibre et aligne.</translation>
    </message>
    <message>
        <source>auto uses Siril 1.4 or newer if it is installed, otherwise the native engine.</source>
        <translation>auto utilise Siril 1.4 ou plus récent s’il est installé, sinon le moteur interne (native).</translation>
    </message>
    <message>
        <source>Path of siril-cli; None looks in SIRIL_CLI, PATH and the usual folders.</source>
        <translation>Chemin de siril-cli ; vide : recherche dans SIRIL_CLI, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>transforms: Siril calibrates and registers; frames are warped as they are read. frames: Siril exports registered frames.</source>
        <translation>transforms : Siril calibre et aligne ; les images sont transformées à la lecture. frames : Siril exporte les images alignées.</translation>
    </message>
    <message>
        <source>Folder with custom templates for Siril scripts; each replaces the built-in one of the same name.</source>
        <translation>Dossier de modèles personnalisés pour les scripts Siril ; chacun remplace le modèle intégré du même nom.</translation>
    </message>
    <message>
        <source>Time limit for one script in seconds.</source>
        <translation>Durée maximale d’un script en secondes.</translation>
    </message>
    <message>
        <source>If Siril fails, continue with the native engine.</source>
        <translation>Si Siril échoue, continuer avec le moteur interne (native).</translation>
    </message>
    <message>
        <source>Masters and cosmetic correction.</source>
        <translation>Masters et correction cosmétique.</translation>
    </message>
    <message>
        <source>Master bias file, or a folder of bias frames.</source>
        <translation>Fichier master offset, ou un dossier d’offsets.</translation>
    </message>
    <message>
        <source>Master dark file, or a folder of darks.</source>
        <translation>Fichier master dark, ou un dossier de darks.</translation>
    </message>
    <message>
        <source>Master flat file, or a folder of flats.</source>
        <translation>Fichier master flat, ou un dossier de flats.</translation>
    </message>
    <message>
        <source>Master dark-flat file, or a folder of dark-flats.</source>
        <translation>Fichier master dark-flat, ou un dossier de dark-flats.</translation>
    </message>
    <message>
        <source>Folder of masters shared by all sessions; None looks in ORCHESTRATE_MASTERS.</source>
        <translation>Dossier de masters communs à toutes les sessions ; vide : recherche dans ORCHESTRATE_MASTERS.</translation>
    </message>
    <message>
        <source>Save the masters made by a run in the library.</source>
        <translation>Enregistrer les masters d’une exécution dans la bibliothèque.</translation>
    </message>
    <message>
        <source>Constant bias level in ADU, used if there are no bias frames.</source>
        <translation>Niveau d’offset constant en ADU, utilisé en l’absence d’offsets.</translation>
    </message>
    <message>
        <source>Scale the dark so that the noise is smallest (needs a bias).</source>
        <translation>Ajuster le dark pour minimiser le bruit (nécessite un offset).</translation>
    </message>
    <message>
        <source>Normalise the flat for each CFA colour, so that it does not change colours.</source>
        <translation>Normaliser le flat pour chaque couleur CFA, afin qu’il ne modifie pas les couleurs.</translation>
    </message>
    <message>
        <source>Replace bad pixels by the median of neighbours of the same colour.</source>
        <translation>Remplacer les pixels défectueux par la médiane des voisins de même couleur.</translation>
    </message>
    <message>
        <source>Sensor pattern that is measured in the lights and subtracted: auto (without darks: warm pixels, columns and rows), pixels, lines, all (amplifier glow too), none.</source>
        <translation>Motif du capteur mesuré dans les brutes et soustrait : auto (sans darks : pixels tièdes, colonnes et lignes), pixels, lines, all (aussi l’électroluminescence), none.</translation>
    </message>
    <message>
        <source>Number of lights, spread over the session, used to measure the fixed pattern.</source>
        <translation>Nombre de brutes, réparties sur la session, utilisées pour mesurer le motif fixe.</translation>
    </message>
    <message>
        <source>Winsorized sigma clipping threshold for masters, in sigma.</source>
        <translation>Seuil du rejet sigma winsorisé pour les masters, en sigma.</translation>
    </message>
    <message>
        <source>auto (the best light), first, or the file name of the reference light.</source>
        <translation>auto (le meilleur light), first (le premier) ou le nom de fichier du light de référence.</translation>
    </message>
    <message>
        <source>Use the transforms of another run (its artifacts/registration.json).</source>
        <translation>Utiliser les transformations d’une autre exécution (son artifacts/registration.json).</translation>
    </message>
    <message>
        <source>Make the stack on the pixel grid of another run (its artifacts/geometry.json).</source>
        <translation>Créer l’empilement sur la grille de pixels d’une autre exécution (son artifacts/geometry.json).</translation>
    </message>
    <message>
        <source>Fewest stars that must agree with a transform (or a third of those matched).</source>
        <translation>Nombre minimal d’étoiles en accord avec une transformation (ou un tiers des étoiles appariées).</translation>
    </message>
    <message>
        <source>Largest rms residual of the stars in px.</source>
        <translation>Plus grand résidu RMS des étoiles en px.</translation>
    </message>
    <message>
        <source>Largest relative difference in scale from the reference.</source>
        <translation>Plus grand écart relatif d’échelle avec la référence.</translation>
    </message>
    <message>
        <source>Star detection threshold in sigma of the noise.</source>
        <translation>Seuil de détection des étoiles en sigma du bruit.</translation>
    </message>
    <message>
        <source>Number of brightest stars used.</source>
        <translation>Nombre d’étoiles les plus brillantes utilisées.</translation>
    </message>
    <message>
        <source>Largest canvas area as a multiple of the area of a frame.</source>
        <translation>Plus grande surface du canevas, en multiple de celle d’une image.</translation>
    </message>
    <message>
        <source>Interpolation used to warp frames.</source>
        <translation>Interpolation utilisée pour transformer les images.</translation>
    </message>
    <message>
        <source>The pixel grid of the stack.</source>
        <translation>La grille de pixels de l’empilement.</translation>
    </message>
    <message>
        <source>auto: the reference frame; the union for a mosaic or a field with large rotation.</source>
        <translation>auto : l’image de référence ; l’union pour une mosaïque ou un champ à forte rotation.</translation>
    </message>
    <message>
        <source>coverage: crop to the largest rectangle covered by frames with at least min_coverage of the information. auto: coverage with 0.5 where the union was chosen automatically; for a mosaic, its panels without thin rims.</source>
        <translation>coverage : recadrer sur le plus grand rectangle couvert par des images ayant au moins min_coverage de l’information. auto : coverage avec 0.5 si l’union a été choisie automatiquement ; pour une mosaïque, ses panneaux sans bords minces.</translation>
    </message>
    <message>
        <source>Width in px that is cut off of the canvas on all four sides, unless another run or a header gives the canvas.</source>
        <translation>Largeur en px coupée sur les quatre côtés du canevas, sauf si une autre exécution ou un en-tête donne le canevas.</translation>
    </message>
    <message>
        <source>Width in px over which frame borders fade in.</source>
        <translation>Largeur en px du fondu aux bords des images.</translation>
    </message>
    <message>
        <source>Pixel scale in arcsec; None: that of the reference.</source>
        <translation>Échelle des pixels en secondes d’arc ; None : celle de la référence.</translation>
    </message>
    <message>
        <source>Turn north up.</source>
        <translation>Orienter le nord vers le haut.</translation>
    </message>
    <message>
        <source>auto: the middle of the frames. Otherwise right ascension and declination in degrees, as 83.8 -5.4.</source>
        <translation>auto : le milieu des images. Sinon l’ascension droite et la déclinaison en degrés, par exemple 83.8 -5.4.</translation>
    </message>
    <message>
        <source>FITS file, or text file with the cards of a header, whose WCS and size are those of the canvas.</source>
        <translation>Fichier FITS, ou fichier texte avec les cartes d’un en-tête, dont le WCS et la taille sont ceux du canevas.</translation>
    </message>
    <message>
        <source>Quality crop of master tiles: noisy rims of the stack of each panel are cut off.</source>
        <translation>Recadrage de qualité des tuiles maîtresses : les bords bruités de l’empilement de chaque panneau sont coupés.</translation>
    </message>
    <message>
        <source>Cut off the rims of master tiles that are noisier than the rest, of those written and of those read.</source>
        <translation>Couper les bords des tuiles maîtresses plus bruités que le reste, de celles qui sont écrites et de celles qui sont lues.</translation>
    </message>
    <message>
        <source>Width in px of the bands in which the noise is measured.</source>
        <translation>Largeur en px des bandes dans lesquelles le bruit est mesuré.</translation>
    </message>
    <message>
        <source>A band is poor if its noise exceeds that of the tile by this multiple of its scatter.</source>
        <translation>Une bande est mauvaise si son bruit dépasse celui de la tuile de ce multiple de la dispersion.</translation>
    </message>
    <message>
        <source>Number of good bands in a row at which the rim ends.</source>
        <translation>Nombre de bonnes bandes consécutives où le bord s’arrête.</translation>
    </message>
    <message>
        <source>Width in px that is cut off in addition, on all four sides of the tile.</source>
        <translation>Largeur en px coupée en plus, sur les quatre côtés de la tuile.</translation>
    </message>
    <message>
        <source>photometric: by star fluxes. background: by the sky level only.</source>
        <translation>photometric : d’après les flux des étoiles. background : d’après le niveau du ciel seulement.</translation>
    </message>
    <message>
        <source>With fewer matched stars, transparency comes from the exposure time only.</source>
        <translation>Avec moins d’étoiles appariées, la transparence n’est déduite que du temps de pose.</translation>
    </message>
    <message>
        <source>Order of the polynomial surface fitted to the sky of each frame.</source>
        <translation>Degré de la surface polynomiale ajustée au ciel de chaque image.</translation>
    </message>
    <message>
        <source>Largest tile: the shorter side of the frame divided by this.</source>
        <translation>Plus grande tuile : le petit côté de l’image divisé par cette valeur.</translation>
    </message>
    <message>
        <source>Overlap of neighbouring tiles as a fraction of their size.</source>
        <translation>Recouvrement des tuiles voisines, en fraction de leur taille.</translation>
    </message>
    <message>
        <source>Quality scores of frames and tiles.</source>
        <translation>Notes de qualité des images et des tuiles.</translation>
    </message>
    <message>
        <source>Weight of a low background; the three weights add up to 1.</source>
        <translation>Poids d’un fond de ciel bas ; la somme des trois poids est 1.</translation>
    </message>
    <message>
        <source>Weight of high gradient energy (sharpness).</source>
        <translation>Poids d’une forte énergie de gradient (netteté).</translation>
    </message>
    <message>
        <source>Make the weights proportional to the variance of each score.</source>
        <translation>Poids proportionnels à la variance de chaque note.</translation>
    </message>
    <message>
        <source>Fewest stars for which a tile is scored by its stars.</source>
        <translation>Nombre minimal d’étoiles pour qu’une tuile soit notée d’après ses étoiles.</translation>
    </message>
    <message>
        <source>The weight of each frame in each tile.</source>
        <translation>Le poids de chaque image dans chaque tuile.</translation>
    </message>
    <message>
        <source>best: most information on stars. psf_snr: sharper, a little less. snr: faint extended light. quality: the sharpest frames dominate. uniform: equal weights.</source>
        <translation>best : le plus d’information sur les étoiles. psf_snr : plus net, un peu moins d’information. snr : lumière étendue faible. quality : les images les plus nettes dominent. uniform : poids égaux.</translation>
    </message>
    <message>
        <source>quality: soften the exponent until this fraction of the information is kept.</source>
        <translation>quality : adoucir l’exposant jusqu’à conserver cette fraction de l’information.</translation>
    </message>
    <message>
        <source>False: one weight for each whole frame.</source>
        <translation>Désactivé : un seul poids par image entière.</translation>
    </message>
    <message>
        <source>Which lights are stacked; all by default, since poor frames get low weights. The report lists those left out and why.</source>
        <translation>Quelles brutes sont empilées ; toutes par défaut, car les mauvaises images reçoivent un poids faible. Le rapport indique celles qui sont écartées et pourquoi.</translation>
    </message>
    <message>
        <source>Keep this fraction of the lights, the best by score (G of GLOBAL_METRICS).</source>
        <translation>Garder cette fraction des brutes, les meilleures selon la note (G de GLOBAL_METRICS).</translation>
    </message>
    <message>
        <source>Keep only lights that meet a condition, e.g. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</source>
        <translation>Ne garder que les brutes qui remplissent une condition, p. ex. fwhm &lt; 3.2 and background &lt; p90 (docs/FRAMES.md).</translation>
    </message>
    <message>
        <source>Rejection of outliers.</source>
        <translation>Rejet des valeurs aberrantes.</translation>
    </message>
    <message>
        <source>Method that rejects satellites, aircraft and cosmic rays.</source>
        <translation>Méthode de rejet des satellites, des avions et des rayons cosmiques.</translation>
    </message>
    <message>
        <source>Low threshold in sigma (percentile: in percent).</source>
        <translation>Seuil bas en sigma (percentile : en pour cent).</translation>
    </message>
    <message>
        <source>High threshold in sigma (percentile: in percent).</source>
        <translation>Seuil haut en sigma (percentile : en pour cent).</translation>
    </message>
    <message>
        <source>Largest number of iterations of the iterative methods.</source>
        <translation>Nombre maximal d’itérations des méthodes itératives.</translation>
    </message>
    <message>
        <source>eta: fraction of the local contrast that is added to the noise, which protects star cores.</source>
        <translation>eta : fraction du contraste local ajoutée au bruit, ce qui protège le cœur des étoiles.</translation>
    </message>
    <message>
        <source>Radius in px by which rejected regions are enlarged.</source>
        <translation>Rayon en px dont les régions rejetées sont agrandies.</translation>
    </message>
    <message>
        <source>Fewest frames that rejection leaves at a pixel.</source>
        <translation>Nombre minimal d’images que le rejet laisse pour un pixel.</translation>
    </message>
    <message>
        <source>Detect trails of satellites and aircraft and reject them over their full width, faint ones too.</source>
        <translation>Détecter les traînées de satellites et d’avions et les rejeter sur toute leur largeur, même faibles.</translation>
    </message>
    <message>
        <source>Frames excluded by hand, everywhere or in the tiles that overlap a box, e.g. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</source>
        <translation>Images exclues à la main, partout ou dans les tuiles qui recouvrent un rectangle, p. ex. [{frame: light_7.fits, box: [100, 80, 140, 95]}].</translation>
    </message>
    <message>
        <source>Largest number of frames compared with each other; larger sessions are split into groups, each spread over the whole session, which bounds memory and cost.</source>
        <translation>Nombre maximal d’images comparées entre elles ; les sessions plus grandes sont divisées en groupes, chacun réparti sur toute la session, ce qui limite la mémoire et le temps de calcul.</translation>
    </message>
    <message>
        <source>When a finished run is resumed after lights were added: keep transforms, scales and weights of the lights in its stack, and add the new ones to it instead of stacking all again.</source>
        <translation>Quand une exécution terminée est reprise après l&apos;ajout de brutes : garder les transformations, échelles et poids des brutes de son empilement, et y ajouter les nouvelles au lieu de tout empiler à nouveau.</translation>
    </message>
    <message>
        <source>How the frames are combined.</source>
        <translation>Comment les images sont combinées.</translation>
    </message>
    <message>
        <source>proper: FWHM of all stars in the stack in px; auto: the smallest that does not raise the noise.</source>
        <translation>proper : FWHM de toutes les étoiles de l’empilement en px ; auto : la plus petite qui n’augmente pas le bruit.</translation>
    </message>
    <message>
        <source>drizzle: output pixels per input pixel along each axis.</source>
        <translation>drizzle : pixels de sortie par pixel d’entrée sur chaque axe.</translation>
    </message>
    <message>
        <source>drizzle: size of a drop as a fraction of the input pixel.</source>
        <translation>drizzle : taille d’une goutte, en fraction du pixel d’entrée.</translation>
    </message>
    <message>
        <source>drizzle: kernel; square is exact.</source>
        <translation>drizzle : noyau ; square est exact.</translation>
    </message>
    <message>
        <source>Clusters of similar frames, and synthetic frames.</source>
        <translation>Groupes d’images similaires, et images synthétiques.</translation>
    </message>
    <message>
        <source>Cluster frames with similar sky conditions and stack one synthetic frame per cluster.</source>
        <translation>Regrouper les images de conditions de ciel similaires et empiler une image synthétique par groupe.</translation>
    </message>
    <message>
        <source>Weights in synthetic frames: one per frame (global) or one per tile.</source>
        <translation>Poids dans les images synthétiques : un par image (global) ou un par tuile.</translation>
    </message>
    <message>
        <source>Weight of a synthetic frame: by its information or by its quality.</source>
        <translation>Poids d’une image synthétique : selon son information ou sa qualité.</translation>
    </message>
    <message>
        <source>quality: largest weight as a multiple of the median weight.</source>
        <translation>quality : plus grand poids, en multiple du poids médian.</translation>
    </message>
    <message>
        <source>Seed of the random numbers; the same seed gives the same clusters.</source>
        <translation>Graine des nombres aléatoires ; la même graine donne les mêmes groupes.</translation>
    </message>
    <message>
        <source>When and how CFA frames are debayered.</source>
        <translation>Quand et comment les images CFA sont dématricées.</translation>
    </message>
    <message>
        <source>last: stack the CFA mosaic, debayer once. first: debayer each frame. superpixel: each 2x2 cell becomes a pixel. none: the stack stays a CFA mosaic.</source>
        <translation>last : empiler la mosaïque CFA, dématricer une fois. first : dématricer chaque image. superpixel : chaque cellule 2x2 devient un pixel. none : l’empilement reste une mosaïque CFA.</translation>
    </message>
    <message>
        <source>Debayer algorithm; superpixel halves the size, siril uses the RCD of Siril.</source>
        <translation>Algorithme de dématriçage ; superpixel divise la taille par deux, siril utilise le RCD de Siril.</translation>
    </message>
    <message>
        <source>Plate solving of the stack, and the checks of its solution.</source>
        <translation>Astrométrie de l’empilement, et vérification de la solution.</translation>
    </message>
    <message>
        <source>Plate solver; auto tries the installed solvers that have a star catalog.</source>
        <translation>Solveur astrométrique ; auto essaie les solveurs installés qui ont un catalogue d’étoiles.</translation>
    </message>
    <message>
        <source>Right ascension of the field in degrees; None: from the header or the object.</source>
        <translation>Ascension droite du champ en degrés ; vide : d’après l’en-tête ou l’objet.</translation>
    </message>
    <message>
        <source>Pixel scale of the stack in arcsec/px; None: from focal length and pixel size.</source>
        <translation>Échantillonnage de l’empilement en secondes d’arc/px ; vide : d’après la focale et la taille des pixels.</translation>
    </message>
    <message>
        <source>Focal length in mm, if the header has none or a wrong one.</source>
        <translation>Focale en mm, si l’en-tête n’en a pas ou en a une fausse.</translation>
    </message>
    <message>
        <source>Pixel size of the stack in micrometres, if the header has none.</source>
        <translation>Taille des pixels de l’empilement en micromètres, si l’en-tête n’en a pas.</translation>
    </message>
    <message>
        <source>First search radius around the expected position in degrees.</source>
        <translation>Premier rayon de recherche autour de la position attendue en degrés.</translation>
    </message>
    <message>
        <source>Largest search radius in degrees before the whole sky is searched.</source>
        <translation>Plus grand rayon de recherche en degrés avant de chercher dans tout le ciel.</translation>
    </message>
    <message>
        <source>Search the whole sky if the expected position is wrong or unknown.</source>
        <translation>Chercher dans tout le ciel si la position attendue est fausse ou inconnue.</translation>
    </message>
    <message>
        <source>Describe optical distortion with SIP polynomials.</source>
        <translation>Décrire la distorsion optique par des polynômes SIP.</translation>
    </message>
    <message>
        <source>Fewest detected stars for which a solver is started.</source>
        <translation>Nombre minimal d’étoiles détectées pour lancer un solveur.</translation>
    </message>
    <message>
        <source>Largest rms distance of stars from their catalog positions in px.</source>
        <translation>Plus grand écart RMS des étoiles à leurs positions de catalogue en px.</translation>
    </message>
    <message>
        <source>Time limit for one attempt of a solver in seconds.</source>
        <translation>Durée maximale d’un essai d’un solveur en secondes.</translation>
    </message>
    <message>
        <source>Time in seconds after which no further search is started.</source>
        <translation>Durée en secondes après laquelle aucune nouvelle recherche n’est lancée.</translation>
    </message>
    <message>
        <source>Attempts with a solver that crashes or times out before the next solver is tried.</source>
        <translation>Essais d’un solveur qui plante ou dépasse la durée maximale avant d’essayer le suivant.</translation>
    </message>
    <message>
        <source>Pause before the second attempt in seconds; doubled before each further one.</source>
        <translation>Pause avant le deuxième essai en secondes ; doublée avant chaque essai suivant.</translation>
    </message>
    <message>
        <source>Largest number of instances of one solver running at the same time.</source>
        <translation>Nombre maximal d’instances d’un solveur en cours simultanément.</translation>
    </message>
    <message>
        <source>Shortest time between two starts of a solver in seconds.</source>
        <translation>Durée minimale entre deux lancements d’un solveur en secondes.</translation>
    </message>
    <message>
        <source>Star catalog (Parquet, CSV, FITS) used to verify the solution.</source>
        <translation>Catalogue d’étoiles (Parquet, CSV, FITS) utilisé pour vérifier la solution.</translation>
    </message>
    <message>
        <source>Path of astap_cli; None looks in ASTAP_EXE, PATH and the usual folders.</source>
        <translation>Chemin d’astap_cli ; vide : recherche dans ASTAP_EXE, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>Folder of the ASTAP star databases.</source>
        <translation>Dossier des bases d’étoiles d’ASTAP.</translation>
    </message>
    <message>
        <source>ASTAP database, such as d50; None: the deepest suitable one.</source>
        <translation>Base ASTAP, comme d50 ; vide : la plus profonde qui convient.</translation>
    </message>
    <message>
        <source>Local Gaia catalog of Siril; None: as set in Siril.</source>
        <translation>Catalogue Gaia local de Siril ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Path of solve-field (astrometry.net); None looks on PATH.</source>
        <translation>Chemin de solve-field (astrometry.net) ; vide : recherche dans PATH.</translation>
    </message>
    <message>
        <source>Folder of the astrometry.net index files.</source>
        <translation>Dossier des fichiers d’index d’astrometry.net.</translation>
    </message>
    <message>
        <source>Background extraction: removes gradients, preserves star fluxes and nebulae.</source>
        <translation>Extraction du gradient : retire les gradients, préserve les flux des étoiles et les nébuleuses.</translation>
    </message>
    <message>
        <source>Remove the sky gradient.</source>
        <translation>Retirer le gradient du ciel.</translation>
    </message>
    <message>
        <source>auto: the autotune chooses one of the four native methods; siril: subsky of Siril; graxpert: the GraXpert command line.</source>
        <translation>auto : le réglage automatique choisit l’une des quatre méthodes internes ; siril : subsky de Siril ; graxpert : la ligne de commande de GraXpert.</translation>
    </message>
    <message>
        <source>Order of the polynomial (siril too); starting point of the autotune.</source>
        <translation>Degré du polynôme (siril aussi) ; point de départ du réglage automatique.</translation>
    </message>
    <message>
        <source>Smoothing (lambda) of spline and rbf (graxpert: 0 to 1).</source>
        <translation>Lissage (lambda) de spline et rbf (graxpert : 0 à 1).</translation>
    </message>
    <message>
        <source>mesh: range of a node in cells.</source>
        <translation>mesh : portée d’un nœud en cellules.</translation>
    </message>
    <message>
        <source>Quantile of the source-free pixels from which the sky level of a tile is estimated.</source>
        <translation>Quantile des pixels sans source dont est estimé le niveau du ciel d’une tuile.</translation>
    </message>
    <message>
        <source>Choose order or smoothing by cross-validation.</source>
        <translation>Choisir le degré ou le lissage par validation croisée.</translation>
    </message>
    <message>
        <source>Largest number of candidates that the autotune tries.</source>
        <translation>Nombre maximal de candidats essayés par le réglage automatique.</translation>
    </message>
    <message>
        <source>Autotune: weight of the residual.</source>
        <translation>Réglage automatique : poids du résidu.</translation>
    </message>
    <message>
        <source>Autotune: weight of the roughness of the model.</source>
        <translation>Réglage automatique : poids de la rugosité du modèle.</translation>
    </message>
    <message>
        <source>Largest scatter in mmag that background extraction may add to star flux ratios.</source>
        <translation>Plus grande dispersion en mmag que l’extraction du gradient peut ajouter aux rapports de flux des étoiles.</translation>
    </message>
    <message>
        <source>Subtract only what can be a gradient: a model that may follow a nebula or a galaxy is replaced by a plane, or nothing is subtracted. False: always subtract the chosen model. Native methods only.</source>
        <translation>Ne soustraire que ce qui peut être un gradient : un modèle qui pourrait suivre une nébuleuse ou une galaxie est remplacé par un plan, ou rien n&apos;est soustrait. False : toujours soustraire le modèle choisi. Méthodes natives seulement.</translation>
    </message>
    <message>
        <source>Path of GraXpert; None looks in GRAXPERT, PATH and the usual folders.</source>
        <translation>Chemin de GraXpert ; vide : recherche dans GRAXPERT, PATH et les dossiers habituels.</translation>
    </message>
    <message>
        <source>Time limit for an external program in seconds.</source>
        <translation>Durée maximale d’un programme externe en secondes.</translation>
    </message>
    <message>
        <source>Photometric colour calibration: channel gains from star colours.</source>
        <translation>Étalonnage photométrique des couleurs : gains des canaux d’après les couleurs des étoiles.</translation>
    </message>
    <message>
        <source>Calibrate colours with stars.</source>
        <translation>Étalonner les couleurs d’après les étoiles.</translation>
    </message>
    <message>
        <source>auto: a catalog if there is a WCS, otherwise the mean colour of the stars; catalog: only a catalog; siril_*: pcc or spcc of Siril.</source>
        <translation>auto : un catalogue s’il y a un WCS, sinon la couleur moyenne des étoiles ; catalog : seulement un catalogue ; siril_* : pcc ou spcc de Siril.</translation>
    </message>
    <message>
        <source>Separate H-alpha and [O III] of a colour camera instead of calibrating its colours; auto: if the filter in the headers is a dual-band filter.</source>
        <translation>Séparer H-alpha et [O III] d&apos;une caméra couleur au lieu de calibrer ses couleurs ; auto : si le filtre des en-têtes est un filtre double bande.</translation>
    </message>
    <message>
        <source>Names of catalog columns, e.g. {ra: RA_deg, B: blue, V: visual}.</source>
        <translation>Noms des colonnes du catalogue, p. ex. {ra: RA_deg, B: blue, V: visual}.</translation>
    </message>
    <message>
        <source>Without a catalog query Gaia DR3 online (needs astroquery).</source>
        <translation>Sans catalogue, interroger Gaia DR3 en ligne (nécessite astroquery).</translation>
    </message>
    <message>
        <source>White reference: a spectral type, or an average spiral galaxy.</source>
        <translation>Référence de blanc : un type spectral, ou une galaxie spirale moyenne.</translation>
    </message>
    <message>
        <source>Estimate of the local sky of a star.</source>
        <translation>Estimation du ciel local d’une étoile.</translation>
    </message>
    <message>
        <source>Effective wavelengths of red, green and blue of the sensor in nm.</source>
        <translation>Longueurs d’onde effectives du rouge, du vert et du bleu du capteur en nm.</translation>
    </message>
    <message>
        <source>With fewer usable stars the image is left unchanged.</source>
        <translation>Avec moins d’étoiles utilisables, l’image reste inchangée.</translation>
    </message>
    <message>
        <source>Largest residual of the stars in mag.</source>
        <translation>Plus grand résidu des étoiles en mag.</translation>
    </message>
    <message>
        <source>Largest accepted gain; its inverse is the smallest.</source>
        <translation>Plus grand gain accepté ; son inverse est le plus petit.</translation>
    </message>
    <message>
        <source>siril_pcc: local Gaia file (gaia_astrometric.dat); None: as set in Siril.</source>
        <translation>siril_pcc : fichier Gaia local (gaia_astrometric.dat) ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Folder of star spectra (siril_cat1_healpix8_xpsamp_*.dat); None: as set in Siril.</source>
        <translation>Dossier des spectres d’étoiles (siril_cat1_healpix8_xpsamp_*.dat) ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Folder siril-spcc-database; None: as set in Siril.</source>
        <translation>Dossier siril-spcc-database ; vide : celui défini dans Siril.</translation>
    </message>
    <message>
        <source>Colour or mono sensor; None: the camera named in the header, if the database has it.</source>
        <translation>Capteur couleur ou mono ; vide : la caméra nommée dans l’en-tête, si la base la contient.</translation>
    </message>
    <message>
        <source>Filter in front of a colour sensor.</source>
        <translation>Filtre devant un capteur couleur.</translation>
    </message>
    <message>
        <source>Wavelength and bandwidth in nm shown as red, green and blue, instead of filters.</source>
        <translation>Longueur d’onde et largeur de bande en nm affichées en rouge, vert et bleu, au lieu de filtres.</translation>
    </message>
    <message>
        <source>White reference, as named by spcc of Siril.</source>
        <translation>Référence de blanc, telle que nommée par spcc de Siril.</translation>
    </message>
    <message>
        <source>Limits of the final checks; a run that exceeds one ends as validation_failed and keeps its products.</source>
        <translation>Limites des contrôles finaux ; une exécution qui en dépasse une se termine en validation_failed et garde ses produits.</translation>
    </message>
    <message>
        <source>Largest FWHM relative to the plain mean.</source>
        <translation>Plus grande FWHM par rapport à la moyenne simple.</translation>
    </message>
    <message>
        <source>Largest noise in 4 px squares relative to the plain mean.</source>
        <translation>Plus grand bruit dans des carrés de 4 px par rapport à la moyenne simple.</translation>
    </message>
    <message>
        <source>Largest step across tile borders in units of the noise.</source>
        <translation>Plus grand saut aux bords des tuiles en unités du bruit.</translation>
    </message>
    <message>
        <source>Largest scatter of star fluxes against the plain mean in mag.</source>
        <translation>Plus grande dispersion des flux des étoiles par rapport à la moyenne simple en mag.</translation>
    </message>
    <message>
        <source>Largest drift of star fluxes over the field against the plain mean in mag.</source>
        <translation>Plus grande dérive des flux des étoiles dans le champ par rapport à la moyenne simple en mag.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on point sources that is kept.</source>
        <translation>Plus petite fraction conservée de l’information sur les sources ponctuelles.</translation>
    </message>
    <message>
        <source>Smallest fraction of the information on extended sources that is kept.</source>
        <translation>Plus petite fraction conservée de l’information sur les sources étendues.</translation>
    </message>
    <message>
        <source>Smallest number of effective frames (sum w)^2 / sum w^2 of a tile, as a fraction of the frames there.</source>
        <translation>Plus petit nombre d’images effectives (somme w)^2 / somme w^2 d’une tuile, en fraction de ses images.</translation>
    </message>
    <message>
        <source>Which files are written. Settings of previews never change the linear products.</source>
        <translation>Quels fichiers sont écrits. Les réglages des aperçus ne modifient jamais les produits linéaires.</translation>
    </message>
    <message>
        <source>How the stacks of several filters are combined: auto (LRGB, RGB, SHO or HOO), none, HSO ..., or a linear combination for R, G and B.</source>
        <translation>Comment les empilements de plusieurs filtres sont combinés : auto (LRGB, RGB, SHO ou HOO), none, HSO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Write stretched pictures: preview.png and preview.tif.</source>
        <translation>Écrire des images étirées : preview.png et preview.tif.</translation>
    </message>
    <message>
        <source>Use one stretch for all channels; always the case after colour calibration.</source>
        <translation>Utiliser le même étirement pour tous les canaux ; toujours le cas après un étalonnage des couleurs.</translation>
    </message>
    <message>
        <source>White balance of a preview without colour calibration. background: neutral sky; bayer: also a neutral mean above the sky.</source>
        <translation>Balance des blancs d’un aperçu sans étalonnage des couleurs. background : ciel neutre ; bayer : aussi une moyenne neutre au-dessus du ciel.</translation>
    </message>
    <message>
        <source>With a WCS, also write a picture with grid and object names.</source>
        <translation>Avec un WCS, écrire aussi une image avec grille et noms d’objets.</translation>
    </message>
    <message>
        <source>Strength of green noise removal (SCNR): 0 none, 1 full.</source>
        <translation>Force de la réduction du bruit vert (SCNR) : 0 aucune, 1 complète.</translation>
    </message>
    <message>
        <source>Colour saturation; 1 leaves it unchanged.</source>
        <translation>Saturation des couleurs ; 1 la laisse inchangée.</translation>
    </message>
    <message>
        <source>Colour matrix: mild or vivid colours, duo_band filters, or a 3x3 matrix whose rows add up to 1.</source>
        <translation>Matrice de couleurs : couleurs douces (mild) ou vives (vivid), filtres duo_band, ou une matrice 3x3 dont la somme de chaque ligne est 1.</translation>
    </message>
    <message>
        <source>Write variance.fits: the variance of each pixel.</source>
        <translation>Écrire variance.fits : la variance de chaque pixel.</translation>
    </message>
    <message>
        <source>Write coverage.fits: the number of frames at each pixel.</source>
        <translation>Écrire coverage.fits : le nombre d’images en chaque pixel.</translation>
    </message>
    <message>
        <source>With several nights, also write a stack of each night on the same canvas.</source>
        <translation>Avec plusieurs nuits, écrire aussi un empilement de chaque nuit sur le même canevas.</translation>
    </message>
    <message>
        <source>Write another copy of the final linear image for other programs, outputs/export.fits: integers in ADU, or floating point with 1.0 = 65535 ADU.</source>
        <translation>Écrire une copie de l’image linéaire finale pour d’autres programmes, outputs/export.fits : entiers en ADU, ou virgule flottante avec 1,0 = 65535 ADU.</translation>
    </message>
    <message>
        <source>Where the colours are in export.fits: first (3, rows, columns) or last (rows, columns, 3), as numpy reads it.</source>
        <translation>Où se trouvent les couleurs dans export.fits : en premier (3, lignes, colonnes) ou en dernier (lignes, colonnes, 3), comme numpy lit le fichier.</translation>
    </message>
    <message>
        <source>Write the final linear image as a HiPS for sky atlases, outputs/hips; needs a WCS and the package reproject (docs/MOSAICS.md).</source>
        <translation>Écrire l’image linéaire finale comme HiPS pour les atlas du ciel, outputs/hips ; il faut un WCS et le paquet reproject (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write the stack of each panel of a mosaic, cropped to the panel: outputs/master_tiles (docs/MOSAICS.md).</source>
        <translation>Écrire l’empilement de chaque panneau d’une mosaïque, recadré sur le panneau : outputs/master_tiles (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>Write outputs/stack_plan.csv: the lights with their panels, to be edited and given as selection.frames.</source>
        <translation>Écrire outputs/stack_plan.csv : les images avec leurs panneaux, à modifier et à donner comme selection.frames.</translation>
    </message>
    <message>
        <source>Write the calibrated lights and their registration for Siril: outputs/calibrated (docs/FORMATS.md).</source>
        <translation>Écrire les lights calibrés et leur alignement pour Siril : outputs/calibrated (docs/FORMATS.md).</translation>
    </message>
    <message>
        <source>Write the synthetic frames of clustering: outputs/synthetic.</source>
        <translation>Écrire les images synthétiques des groupes : outputs/synthetic.</translation>
    </message>
    <message>
        <source>Write the registered lights, on the pixels of the stack: outputs/registered.</source>
        <translation>Écrire les lights alignés, sur les pixels de l&apos;empilement : outputs/registered.</translation>
    </message>
    <message>
        <source>Write artifacts/report.html, report.json and report.md at the end of the run.</source>
        <translation>Écrire artifacts/report.html, report.json et report.md à la fin de l’exécution.</translation>
    </message>
    <message>
        <source>Memory, cores, cache and kept files.</source>
        <translation>Mémoire, cœurs, cache et fichiers conservés.</translation>
    </message>
    <message>
        <source>&quot;auto&quot; (half of the free memory) or a size such as &quot;4 GiB&quot;.</source>
        <translation>« auto » (la moitié de la mémoire libre) ou une taille comme « 4 GiB ».</translation>
    </message>
    <message>
        <source>Number of workers; 0: all cores.</source>
        <translation>Nombre de tâches parallèles ; 0 : tous les cœurs.</translation>
    </message>
    <message>
        <source>How work is spread over workers; the result is the same.</source>
        <translation>Comment le travail est réparti ; le résultat est le même.</translation>
    </message>
    <message>
        <source>gpu: warp, mean and co-addition with CuPy; without a GPU the CPU is used and a warning is shown.</source>
        <translation>gpu : transformation, moyenne et co-addition avec CuPy ; sans GPU, le processeur est utilisé et un avertissement est affiché.</translation>
    </message>
    <message>
        <source>Address of a Dask scheduler (tcp://host:8786); None starts a local cluster.</source>
        <translation>Adresse d’un ordonnanceur Dask (tcp://host:8786) ; vide : un cluster local est lancé.</translation>
    </message>
    <message>
        <source>Keep measurements, transforms and masters in a cache beside the runs, for later runs of the session.</source>
        <translation>Conserver mesures, transformations et masters dans un cache à côté des exécutions, pour les prochaines exécutions de la session.</translation>
    </message>
    <message>
        <source>Rebuild everything in the cache.</source>
        <translation>Reconstruire tout le contenu du cache.</translation>
    </message>
    <message>
        <source>Largest size of the cache; the least recently used entries are deleted first.</source>
        <translation>Taille maximale du cache ; les entrées les moins récemment utilisées sont supprimées en premier.</translation>
    </message>
    <message>
        <source>Keep the arrays of the stack, so that `resume --from-phase STACKING` does not have to reconstruct it.</source>
        <translation>Conserver les tableaux de l’empilement, pour que `resume --from-phase STACKING` n’ait pas à le reconstruire.</translation>
    </message>
    <message>
        <source>While a run works, report the measurements of its frames as events, and draw their mean so far: artifacts/growing.png. The window sets this.</source>
        <translation>Pendant une exécution, signaler les mesures de ses images comme événements, et dessiner leur moyenne jusqu’ici : artifacts/growing.png. La fenêtre active ce réglage.</translation>
    </message>
    <message>
        <source>Filter of each channel, such as {R: Red, G: Green, B: Blue, L: Lum}; empty: all filters, with their usual letters.</source>
        <translation>Filtre de chaque canal, comme {R: Red, G: Green, B: Blue, L: Lum} ; vide : tous les filtres, avec leurs lettres habituelles.</translation>
    </message>
    <message>
        <source>Palette of the channels: RGB, LRGB, SHO, HOO ..., or a linear combination for R, G and B.</source>
        <translation>Palette des canaux : RGB, LRGB, SHO, HOO ..., ou une combinaison linéaire pour R, G et B.</translation>
    </message>
    <message>
        <source>Name of the image of all nights.</source>
        <translation>Nom de l’image de toutes les nuits.</translation>
    </message>
    <message>
        <source>Name of the image of one night.</source>
        <translation>Nom de l’image d’une nuit.</translation>
    </message>
    <message>
        <source>Name of the image of one filter.</source>
        <translation>Nom de l’image d’un filtre.</translation>
    </message>
    <message>
        <source>bottomup: the first row of the file is the lowest, as after mirrorx -bottomup of Siril.</source>
        <translation>bottomup : la première ligne du fichier est la plus basse, comme après mirrorx -bottomup de Siril.</translation>
    </message>
    <message>
        <source>For broadband channels, also write an image with calibrated colours.</source>
        <translation>Pour des canaux à large bande, écrire aussi une image aux couleurs étalonnées.</translation>
    </message>
    <message>
        <source>2-pass finds the best reference first.</source>
        <translation>2-pass cherche d’abord la meilleure image de référence.</translation>
    </message>
    <message>
        <source>Store more than pack_above frames in one file: systems limit the number of open files. auto: fitseq.</source>
        <translation>Stocker plus de pack_above images dans un seul fichier : les systèmes limitent le nombre de fichiers ouverts. auto : fitseq.</translation>
    </message>
    <message>
        <source>Compression of intermediate frames; off with drizzle, which cannot read them.</source>
        <translation>Compression des images intermédiaires ; désactivée avec drizzle, qui ne peut pas les lire.</translation>
    </message>
    <message>
        <source>Compress the result too; with a quantization above 0 that is lossy.</source>
        <translation>Compresser aussi le résultat ; avec une quantification supérieure à 0, avec pertes.</translation>
    </message>
    <message>
        <source>Copy the raw frames instead of linking to them.</source>
        <translation>Copier les images brutes au lieu de créer des liens.</translation>
    </message>
    <message>
        <source>The results differ little. siril needs more disk for its copies of the frames; native needs no other program.</source>
        <translation>Les résultats diffèrent peu. siril demande plus de disque pour ses copies des images ; native n’a besoin d’aucun autre programme.</translation>
    </message>
    <message>
        <source>Off: hot pixels are left to rejection, which needs dithered frames.</source>
        <translation>Désactivé : les pixels chauds sont laissés au rejet, qui a besoin d’images avec dithering.</translation>
    </message>
    <message>
        <source>Lower: more pixels are replaced by their neighbours.</source>
        <translation>Plus bas : plus de pixels sont remplacés par leurs voisins.</translation>
    </message>
    <message>
        <source>Only the size of the canvas changes: with alt_az the corners that the field rotates into are kept, with equatorial the picture has the size of one frame.</source>
        <translation>Seule la taille de la surface change : avec alt_az les coins où le champ tourne sont gardés, avec equatorial l’image a la taille d’une pose.</translation>
    </message>
    <message>
        <source>lanczos4 keeps the most detail; bilinear is softer, without dark rings around bright stars.</source>
        <translation>lanczos4 garde le plus de détails ; bilinear est plus doux, sans anneaux sombres autour des étoiles brillantes.</translation>
    </message>
    <message>
        <source>none keeps every corner, with more noise where few frames overlap. coverage cuts these rims off.</source>
        <translation>none garde tous les coins, avec plus de bruit là où peu d’images se recouvrent. coverage coupe ces bords.</translation>
    </message>
    <message>
        <source>Larger: a smaller picture with more even noise.</source>
        <translation>Plus grand : une image plus petite au bruit plus uniforme.</translation>
    </message>
    <message>
        <source>Larger: softer borders between frames and panels.</source>
        <translation>Plus grand : bords plus doux entre images et panneaux.</translation>
    </message>
    <message>
        <source>Larger: gradients that change during the night fit better; 0 removes a constant only.</source>
        <translation>Plus grand : les gradients qui changent pendant la nuit s’ajustent mieux ; 0 n’enlève qu’une constante.</translation>
    </message>
    <message>
        <source>Smaller: the weights follow clouds and blur more closely, but each is less certain; slower.</source>
        <translation>Plus petit : les poids suivent mieux les nuages et le flou, mais chacun est moins sûr ; plus lent.</translation>
    </message>
    <message>
        <source>snr shows faint extended light with the least noise; psf_snr and quality give sharper stars and more noise.</source>
        <translation>snr montre la lumière étendue faible avec le moins de bruit ; psf_snr et quality donnent des étoiles plus nettes et plus de bruit.</translation>
    </message>
    <message>
        <source>Off: passing clouds and local blur count for the whole frame; a little faster.</source>
        <translation>Désactivé : nuages de passage et flou local comptent pour toute l’image ; un peu plus rapide.</translation>
    </message>
    <message>
        <source>Lower: sharper and with fewer clouds, but more noise, since fewer frames are stacked. The weights do most of this already.</source>
        <translation>Plus bas : plus net et avec moins de nuages, mais plus de bruit, car moins d’images sont empilées. Les poids font déjà l’essentiel.</translation>
    </message>
    <message>
        <source>none keeps satellites and cosmic rays, and is fastest. The other methods differ little with many frames.</source>
        <translation>none garde les satellites et les rayons cosmiques, et est le plus rapide. Les autres méthodes diffèrent peu avec beaucoup d’images.</translation>
    </message>
    <message>
        <source>Lower: more dark outliers are rejected, and more good samples with them (more noise).</source>
        <translation>Plus bas : plus de valeurs sombres aberrantes sont rejetées, et avec elles plus de bonnes valeurs (plus de bruit).</translation>
    </message>
    <message>
        <source>Lower: fainter trails and cosmic rays go, and more good samples with them; too low dims the cores of stars.</source>
        <translation>Plus bas : des traînées et rayons cosmiques plus faibles disparaissent, et avec eux plus de bonnes valeurs ; trop bas assombrit le cœur des étoiles.</translation>
    </message>
    <message>
        <source>Larger: the cores of stars are safer, but cosmic rays on them remain.</source>
        <translation>Plus grand : le cœur des étoiles est plus sûr, mais les rayons cosmiques qui le touchent restent.</translation>
    </message>
    <message>
        <source>Larger: the soft edges of trails go too, and a few more good samples.</source>
        <translation>Plus grand : les bords doux des traînées disparaissent aussi, et quelques bonnes valeurs de plus.</translation>
    </message>
    <message>
        <source>On: faint trails disappear too. Off: a little faster; only what stands out of the noise is rejected.</source>
        <translation>Activé : les traînées faibles disparaissent aussi. Désactivé : un peu plus rapide ; seul ce qui dépasse du bruit est rejeté.</translation>
    </message>
    <message>
        <source>proper gives round stars of one size from frames of different seeing and takes longer. drizzle shows more detail of undersampled, dithered frames, with more noise in each pixel.</source>
        <translation>proper donne des étoiles rondes d’une même taille à partir d’images de seeing différent et prend plus de temps. drizzle montre plus de détails d’images sous-échantillonnées avec dithering, avec plus de bruit par pixel.</translation>
    </message>
    <message>
        <source>Larger: finer pixels, at the square of the memory, disk and time, and more noise in each.</source>
        <translation>Plus grand : pixels plus fins, au carré de la mémoire, du disque et du temps, et plus de bruit dans chacun.</translation>
    </message>
    <message>
        <source>Smaller: sharper, but noisier and with holes if there are few frames.</source>
        <translation>Plus petit : plus net, mais plus bruité et avec des trous s’il y a peu d’images.</translation>
    </message>
    <message>
        <source>last keeps the most detail of many dithered frames. first is safer with few frames. superpixel gives half the size and a quarter of the time and memory.</source>
        <translation>last garde le plus de détails de nombreuses images avec dithering. first est plus sûr avec peu d’images. superpixel donne la moitié de la taille pour un quart du temps et de la mémoire.</translation>
    </message>
    <message>
        <source>The picture is the same; none saves up to a minute, without coordinates, names of objects and colours from a catalog.</source>
        <translation>L’image est la même ; none gagne jusqu’à une minute, sans coordonnées, noms d’objets ni couleurs d’après un catalogue.</translation>
    </message>
    <message>
        <source>On: gradients of light pollution and moonlight go. Off: nothing of faint, large nebulae can be subtracted by mistake.</source>
        <translation>Activé : les gradients de pollution lumineuse et de lune disparaissent. Désactivé : rien des grandes nébuleuses faibles ne peut être soustrait par erreur.</translation>
    </message>
    <message>
        <source>Larger: more complex gradients go, and sooner parts of large nebulae.</source>
        <translation>Plus grand : des gradients plus complexes disparaissent, et plus facilement des parties de grandes nébuleuses.</translation>
    </message>
    <message>
        <source>Off: stronger gradients can go, at the risk of holes around galaxies and nebulae.</source>
        <translation>Désactivé : des gradients plus forts peuvent disparaître, au risque de trous autour des galaxies et nébuleuses.</translation>
    </message>
    <message>
        <source>On: stars get their true colours and the sky is neutral. Off: the colours of the sensor remain.</source>
        <translation>Activé : les étoiles ont leurs vraies couleurs et le ciel est neutre. Désactivé : les couleurs du capteur restent.</translation>
    </message>
    <message>
        <source>Only the colours of the combined picture change; the stack of each filter is the same.</source>
        <translation>Seules les couleurs de l’image combinée changent ; l’empilement de chaque filtre est le même.</translation>
    </message>
    <message>
        <source>Larger: fewer passes over the frames, so faster. The picture is the same.</source>
        <translation>Plus grand : moins de passages sur les images, donc plus rapide. L’image est la même.</translation>
    </message>
    <message>
        <source>More: faster, up to the number of cores, with more memory. The picture is the same.</source>
        <translation>Plus : plus rapide, jusqu’au nombre de cœurs, avec plus de mémoire. L’image est la même.</translation>
    </message>
    <message>
        <source>On: a second run of the same session takes a fraction of the time. The picture is the same.</source>
        <translation>Activé : une deuxième exécution de la même session prend une fraction du temps. L’image est la même.</translation>
    </message>
    <message>
        <source>On: settings of the stack can be changed without repeating the run, for some disk space.</source>
        <translation>Activé : les réglages de l’empilement peuvent être changés sans refaire l’exécution, pour un peu de disque.</translation>
    </message>
    <message>
        <source>On: the run takes up to 5 % longer. The picture is the same.</source>
        <translation>Activé : l’exécution dure jusqu’à 5 % de plus. L’image est la même.</translation>
    </message>
    <message>
        <source>Faint extended light: weights by signal to noise only, regardless of seeing.</source>
        <translation>Lumière étendue faible : poids selon le rapport signal sur bruit seul, quel que soit le seeing.</translation>
    </message>
    <message>
        <source>Most information on stars: weights by inverse variance and local seeing.</source>
        <translation>Le plus d’information sur les étoiles : poids selon la variance inverse et le seeing local.</translation>
    </message>
    <message>
        <source>A mosaic: the frames of all panels on one canvas, also where only their positions in the headers connect them.</source>
        <translation>Une mosaïque : les images de tous les panneaux sur un même cadre, même là où seules leurs positions montrent qu’elles vont ensemble.</translation>
    </message>
    <message>
        <source>The Tile-Compile method: quality weights, clusters of similar frames, synthetic frames.</source>
        <translation>La méthode Tile-Compile : poids de qualité, groupes d’images similaires, images synthétiques.</translation>
    </message>
    <message>
        <source>A quick look: half-size colour, no local weights.</source>
        <translation>Aperçu rapide : couleurs demi-taille, sans poids locaux.</translation>
    </message>
    <message>
        <source>Measurements: linear pixels with their variance, co-added with the PSF of each frame; no sky is subtracted.</source>
        <translation>Mesures : pixels linéaires avec leur variance, additionnés avec la PSF de chaque image ; aucun ciel n’est soustrait.</translation>
    </message>
    <message>
        <source>The sharpest frames dominate; for bright targets with many frames.</source>
        <translation>Les images les plus nettes dominent ; pour des cibles brillantes avec beaucoup d’images.</translation>
    </message>
    <message>
        <source>Threshold of hot pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels chauds dans le master dark, en sigma d’une brute.</translation>
    </message>
    <message>
        <source>Use only lights of this field of the sky: its name or number, as scan lists them; all: take the lights for one field, whatever their headers give as positions.</source>
        <translation>N’utiliser que les brutes de ce champ du ciel : son nom ou son numéro, tels que scan les indique ; all : prendre les brutes pour un seul champ, quelles que soient les positions dans leurs en-têtes.</translation>
    </message>
    <message>
        <source>Threshold of cold pixels in the master dark, in sigma of one light.</source>
        <translation>Seuil des pixels froids dans le master dark, en sigma d’une brute.</translation>
    </message>
    <message>
        <source>Alignment to the reference frame.</source>
        <translation>Alignement sur l’image de référence.</translation>
    </message>
    <message>
        <source>Transform model; auto starts with a similarity and takes a more general model where the stars require it; integer shifts by whole pixels (by two on a CFA mosaic) without interpolation.</source>
        <translation>Modèle de transformation ; auto commence par une similitude et prend un modèle plus général si les étoiles l’exigent ; integer décale de pixels entiers (de deux sur une mosaïque CFA) sans interpolation.</translation>
    </message>
    <message>
        <source>auto detects it from the field rotation; alt_az with large rotation enlarges the canvas.</source>
        <translation>auto la détecte d’après la rotation de champ ; alt_az avec une forte rotation agrandit le canevas.</translation>
    </message>
    <message>
        <source>The same for a mosaic of several panels; None: what disk and memory have room for.</source>
        <translation>De même pour une mosaïque de plusieurs panneaux ; None : ce que le disque et la mémoire peuvent contenir.</translation>
    </message>
    <message>
        <source>crop: coverage: fraction of the information of all frames that the frames covering a pixel must have.</source>
        <translation>crop: coverage : part de l’information de toutes les images que doivent avoir celles qui couvrent un pixel.</translation>
    </message>
    <message>
        <source>Position and projection of a mosaic on the sky.</source>
        <translation>Position et projection d’une mosaïque sur le ciel.</translation>
    </message>
    <message>
        <source>Lights that are plate solved before a mosaic is registered, if a solver and a star catalog are installed: one for each pointing, all, or none. Catalog stars then determine scale, orientation, lens and position.</source>
        <translation>Brutes résolues astrométriquement avant l’alignement d’une mosaïque, si un solveur et un catalogue d’étoiles sont installés : une par pointage, toutes ou aucune. Les étoiles du catalogue déterminent alors l’échelle, l’orientation, l’optique et la position.</translation>
    </message>
    <message>
        <source>auto: the plane of the reference, or STG if its position is known and the field is wider than 20 degrees; TAN or STG if another setting of this section is changed. none: always the plane of the reference.</source>
        <translation>auto : le plan de la référence, ou STG si sa position est connue et que le champ dépasse 20 degrés ; TAN ou STG si un autre réglage de cette section est modifié. none : toujours le plan de la référence.</translation>
    </message>
    <message>
        <source>Transparency and sky of each frame.</source>
        <translation>Transparence et fond de ciel de chaque image.</translation>
    </message>
    <message>
        <source>Tile grid: T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</source>
        <translation>Grille de tuiles : T = floor(clip(size_factor * FWHM, min_size, min(W,H)/max_divisor)).</translation>
    </message>
    <message>
        <source>Tile size in FWHM.</source>
        <translation>Taille des tuiles en FWHM.</translation>
    </message>
    <message>
        <source>Smallest tile in px.</source>
        <translation>Plus petite tuile en px.</translation>
    </message>
    <message>
        <source>Weight of low noise.</source>
        <translation>Poids d’un bruit faible.</translation>
    </message>
    <message>
        <source>G = exp(exponent * clip(Q, -3, 3)).</source>
        <translation>G = exp(exponent * clip(Q, -3, 3)).</translation>
    </message>
    <message>
        <source>Keep only the lights in this frame list, one file name per line, or in this stack plan (.csv), which also names their panels (docs/MOSAICS.md).</source>
        <translation>Ne garder que les images de cette liste, un nom de fichier par ligne, ou de ce plan d’empilement (.csv), qui nomme aussi leurs panneaux (docs/MOSAICS.md).</translation>
    </message>
    <message>
        <source>mean: weighted mean with tile weights. proper: co-addition with the PSF of each frame and tile. drizzle: for dithered, undersampled frames; mosaics without demosaicing.</source>
        <translation>mean : moyenne pondérée avec les poids des tuiles. proper : co-addition avec la PSF de chaque image et tuile. drizzle : pour des images avec dithering et sous-échantillonnées ; mosaïques CFA sans dématriçage.</translation>
    </message>
    <message>
        <source>quality: steepness of the weight.</source>
        <translation>quality : raideur du poids.</translation>
    </message>
    <message>
        <source>CSV, ECSV, FITS or parquet with ra, dec and magnitudes in two bands; None looks in ORCHESTRATE_STAR_CATALOG.</source>
        <translation>CSV, ECSV, FITS ou parquet avec ra, dec et magnitudes dans deux bandes ; vide : recherche dans ORCHESTRATE_STAR_CATALOG.</translation>
    </message>
    <message>
        <source>Low-pass filter of a DSLR.</source>
        <translation>Filtre passe-bas d’un reflex numérique.</translation>
    </message>
    <message>
        <source>Filters of a mono sensor: red, green, blue.</source>
        <translation>Filtres d’un capteur mono : rouge, vert, bleu.</translation>
    </message>
    <message>
        <source>Declination of the field in degrees.</source>
        <translation>Déclinaison du champ en degrés.</translation>
    </message>
    <message>
        <source>ASTAP: bin the image before detection; 0 lets ASTAP choose.</source>
        <translation>ASTAP : regrouper les pixels avant la détection ; 0 : ASTAP choisit.</translation>
    </message>
    <message>
        <source>Robust loss of the fits (IRLS).</source>
        <translation>Fonction de perte robuste des ajustements (IRLS).</translation>
    </message>
    <message>
        <source>Radial basis function.</source>
        <translation>Fonction de base radiale.</translation>
    </message>
    <message>
        <source>siril: radial basis functions instead of a polynomial.</source>
        <translation>siril : fonctions de base radiales au lieu d’un polynôme.</translation>
    </message>
    <message>
        <source>natural: a dark neutral sky without colour noise; autostretch: as in Siril; asinh preserves star colours; two_stage: asinh, then one curve for sky and contrast.</source>
        <translation>natural : un ciel sombre et neutre sans bruit de couleur ; autostretch : comme dans Siril ; asinh préserve les couleurs des étoiles ; two_stage : asinh, puis une courbe pour le ciel et le contraste.</translation>
    </message>
    <message>
        <source>Keep the scratch folder work/ of a finished run.</source>
        <translation>Conserver le dossier de travail work/ d’une exécution terminée.</translation>
    </message>
</context>
</TS>
