# The Java virtual machine.
java -XshowSettings:vm -version
