# htop with the columns that need smaps_rollup (M_PSS) and maps (M_LRS).
export TERM=xterm HOME=/tmp/h
mkdir -p $HOME/.config/htop
cat > $HOME/.config/htop/htoprc <<C
htop_version=3.2.2
config_reader_min_version=3
highlight_deleted_exe=1
show_program_path=1
screen:Main=PID USER M_RESIDENT M_LRS M_PSS M_SWAP STATE Command
.sort_key=PID
C
timeout 2 script -qc "htop -d 10" /dev/null
true
