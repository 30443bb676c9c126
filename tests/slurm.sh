#!/bin/bash
# A Slurm of one's own for tests: a controller and two nodes on this machine alone (127.0.0.1), as whoever calls it. Nothing
# of a Slurm that may be installed is used or changed.
#
#   tests/slurm.sh up FOLDER PORT       starts it, waits until both nodes are idle and prints the file for SLURM_CONF
#   tests/slurm.sh lose FOLDER NODE     n1 or n2 dies with all that runs on it, as of a power failure
#   tests/slurm.sh down FOLDER          ends everything
#
# Takes slurmctld, slurmd, slurm-client and munge (group test of app/packages.txt). The ports PORT to PORT + 2 must be free,
# and FOLDER short: a socket's path has about 100 characters.
set -euo pipefail
export PATH=$PATH:/usr/sbin
what=$1
folder=$(realpath -m "$2")
export SLURM_CONF=$folder/slurm.conf

# Processes that were started with this configuration and have a line like $1 in their environment; this script apart.
ours() {
  local file pid
  for file in $(grep -lzxF "SLURM_CONF=$SLURM_CONF" /proc/[0-9]*/environ 2>/dev/null); do
    pid=${file#/proc/} pid=${pid%/environ}
    grep -qzE -- "$1" "$file" 2>/dev/null && ! grep -qzF slurm.sh "/proc/$pid/cmdline" 2>/dev/null && echo "$pid"
  done
  return 0
}

up() {
  local port=$1 host user n
  host=$(hostname -s) user=$(id -un)
  mkdir -p "$folder"/{state,log,run,n1,n2}
  (umask 077 && head -c 1024 /dev/urandom >"$folder/munge.key")
  cat >"$SLURM_CONF" <<EOF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=$user
SlurmdUser=$user
AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.sock
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=100000,bf_interval=1
MaxArraySize=4
MinJobAge=3600
JobRequeue=1
KillWait=2
ReturnToService=2
SlurmdParameters=config_overrides
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/%n
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/%n.log
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=2 RealMemory=8000 State=UNKNOWN
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=2 RealMemory=8000 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
EOF
  munged --force --key-file="$folder/munge.key" --socket="$folder/run/munge.sock" --pid-file="$folder/run/munged.pid" \
    --log-file="$folder/log/munged.log" --seed-file="$folder/run/munged.seed" --num-threads=2 2>"$folder/log/munged.err"
  slurmctld
  for n in n1 n2; do slurmd -N "$n"; done
  for _ in $(seq 100); do
    if [ "$(sinfo -h -N -t idle -o %n 2>/dev/null | wc -l)" = 2 ]; then
      echo "$SLURM_CONF"
      return 0
    fi
    sleep 0.1
  done
  echo "the nodes did not come up; see $folder/log" >&2
  return 1
}

case $what in
  up) up "$3" ;;
  lose)
    processes=$(ours "^SLURMD_NODENAME=$3\$") watchers=
    for pid in $processes; do
      parent=$(sed -n 's/^PPid:\t//p' "/proc/$pid/status" 2>/dev/null) || continue
      case $(tr '\0' ' ' <"/proc/$parent/cmdline" 2>/dev/null) in slurmstepd:*) watchers="$watchers $parent" ;; esac
    done
    # Those that would tell of the death of the others go first.
    for pid in $(cat "$folder/run/$3.pid") $watchers $processes; do kill -9 "$pid" 2>/dev/null || true; done
    scontrol update nodename="$3" state=down reason=lost
    ;;
  down)
    # Nothing of it is to last.
    for pid in $(ours .); do kill -9 "$pid" 2>/dev/null || true; done
    ;;
  *) sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 1 ;;
esac
