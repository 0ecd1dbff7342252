<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ProcessingTab</name>
    <message numerus="yes">
        <source>%n setting(s) wrong: {0}. The last right value stays until then.</source>
        <translation>
            <numerusform>%n setting is wrong: {0}. The last right value stays until then.</numerusform>
            <numerusform>%n settings are wrong: {0}. The last right values stay until then.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RunTab</name>
    <message numerus="yes">
        <source>%n setting(s) wrong. Show</source>
        <translation>
            <numerusform>%n setting is wrong. Show</numerusform>
            <numerusform>%n settings are wrong. Show</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n night(s) will be stacked into {0}</source>
        <translation>
            <numerusform>%n night will be stacked into {0}</numerusform>
            <numerusform>%n nights will be stacked into {0}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message numerus="yes">
        <source>Saved. %n wrong setting(s) kept their last right value.</source>
        <translation>
            <numerusform>Saved. %n wrong setting kept its last right value.</numerusform>
            <numerusform>Saved. %n wrong settings kept their last right value.</numerusform>
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
