# htop with the columns that read smaps and maps (M_PSS, M_LRS).
export TERM=xterm HOME=/tmp/h
mkdir -p $HOME/.config/htop
cat > $HOME/.config/htop/htoprc <<C
htop_version=3.2.2
config_reader_min_version=3
fields=0 48 17 18 38 39 40 2 46 47 49 42 118 119 120 1
highlight_changes=0
show_program_path=1
highlight_deleted_exe=1
tree_view=0
C
timeout 3 script -qc "htop -d 5" /dev/null
true
