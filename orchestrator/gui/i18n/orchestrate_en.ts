<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>FoundRow</name>
    <message numerus="yes">
        <source>{0}: %n light(s)</source>
        <translation>
            <numerusform>{0}: %n light</numerusform>
            <numerusform>{0}: %n lights</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FramePlot</name>
    <message numerus="yes">
        <source>%n frame(s), median FWHM {0} px, last {1} px</source>
        <translation>
            <numerusform>%n frame, median FWHM {0} px, last {1} px</numerusform>
            <numerusform>%n frames, median FWHM {0} px, last {1} px</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FramesPage</name>
    <message numerus="yes">
        <source>%n light(s), {0} excluded, {1} with remarks</source>
        <translation>
            <numerusform>%n light, {0} excluded, {1} with remarks</numerusform>
            <numerusform>%n lights, {0} excluded, {1} with remarks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NightCard</name>
    <message numerus="yes">
        <source>%n light(s), {0}</source>
        <translation>
            <numerusform>%n light, {0}</numerusform>
            <numerusform>%n lights, {0}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n master(s)</source>
        <translation>
            <numerusform>%n master</numerusform>
            <numerusform>%n masters</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunPage</name>
    <message numerus="yes">
        <source>Mean of %n frame(s) of {0} so far</source>
        <translation>
            <numerusform>Mean of %n frame of {0} so far</numerusform>
            <numerusform>Mean of %n frames of {0} so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show %n invalid setting(s)</source>
        <translation>
            <numerusform>Show %n invalid setting</numerusform>
            <numerusform>Show %n invalid settings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked to {0}</source>
        <translation>
            <numerusform>%n night will be stacked to {0}</numerusform>
            <numerusform>%n nights will be stacked to {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScriptsWindow</name>
    <message numerus="yes">
        <source>%n script(s) written.</source>
        <translation>
            <numerusform>%n script written.</numerusform>
            <numerusform>%n scripts written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Siril has finished. %n image(s) written.</source>
        <translation>
            <numerusform>Siril has finished. %n image written.</numerusform>
            <numerusform>Siril has finished. %n images written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n error(s) found. Siril would stop there, or ignore the line.</source>
        <translation>
            <numerusform>%n error found. Siril would stop there, or ignore the line.</numerusform>
            <numerusform>%n errors found. Siril would stop there, or ignore the line.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) in use.</source>
        <translation>
            <numerusform>%n night in use.</numerusform>
            <numerusform>%n nights in use.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SettingsPage</name>
    <message numerus="yes">
        <source>%n invalid setting(s): {0}. The last valid value is used.</source>
        <translation>
            <numerusform>%n invalid setting: {0}. The last valid value is used.</numerusform>
            <numerusform>%n invalid settings: {0}. The last valid values are used.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) changed by the preset:</source>
        <translation>
            <numerusform>%n setting changed by the preset:</numerusform>
            <numerusform>%n settings changed by the preset:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message numerus="yes">
        <source>%n invalid setting(s)</source>
        <translation>
            <numerusform>%n invalid setting</numerusform>
            <numerusform>%n invalid settings</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n problem(s) to solve</source>
        <translation>
            <numerusform>%n problem to solve</numerusform>
            <numerusform>%n problems to solve</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) of {0} in use</source>
        <translation>
            <numerusform>%n night of {0} in use</numerusform>
            <numerusform>%n nights of {0} in use</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>Saved. %n invalid setting(s) keep the last valid value.</source>
        <translation>
            <numerusform>Saved. %n invalid setting keeps the last valid value.</numerusform>
            <numerusform>Saved. %n invalid settings keep the last valid values.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) added.</source>
        <translation>
            <numerusform>%n night added.</numerusform>
            <numerusform>%n nights added.</numerusform>
        </translation>
    </message>
</context>
</TS>
